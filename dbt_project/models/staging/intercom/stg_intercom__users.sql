with latest as (

    {{ latest_records('intercom', 'user') }}

),

exported as (

    select
        source,
        record_updated_at as updated_at,
        payload as attributes,
        from_json(payload, '{
            "id": "VARCHAR", "type": "VARCHAR", "role": "VARCHAR", "name": "VARCHAR", "email": "VARCHAR",
            "locale": "VARCHAR", "language_override": "VARCHAR"
        }') as person
    from latest

),

contacts as (

    select
        source,
        updated_at,
        unnest(nested_contacts) as person
    from {{ ref('stg_intercom__tickets') }}

),

unioned as (

    select
        source,
        person.id as user_id,
        person.name as user_name,
        person.email,
        case when lower(person.type) in ('admin', 'team') then 'staff' end as user_role,
        coalesce(person.language_override, person.locale) as locale,
        attributes::json as attributes,
        updated_at
    from exported
    union all by name
    select
        source,
        person.id as user_id,
        person.name as user_name,
        person.email,
        person.locale,
        updated_at
    from contacts
    union all by name
    select
        source,
        opening_author.id as user_id,
        opening_author.name as user_name,
        opening_author.email,
        case when opening_author.type = 'admin' then 'staff' end as user_role,
        updated_at
    from {{ ref('stg_intercom__tickets') }}
    union all by name
    select
        source,
        author_user_id as user_id,
        author_name as user_name,
        author_email as email,
        case when author_hint = 'staff' then 'staff' end as user_role,
        created_at as updated_at
    from {{ ref('stg_intercom__comments') }}

),

dated as (

    select
        * replace (
            coalesce(updated_at, to_timestamp(0)) as updated_at,
            {{ presence('user_name') }} as user_name,
            {{ presence('email') }} as email
        )
    from unioned
    where user_id is not null

)

select
    source,
    user_id,
    arg_max(user_name, updated_at) filter (where user_name is not null) as user_name,
    arg_max(email, updated_at) filter (where email is not null) as email,
    arg_max(user_role, updated_at) filter (where user_role is not null) as user_role,
    arg_max(locale, updated_at) filter (where locale is not null) as locale,
    arg_max(attributes, updated_at) filter (where attributes is not null) as attributes
from dated
group by source, user_id
