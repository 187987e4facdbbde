with latest as (

    {{ latest_records('freshdesk', 'user') }}

),

exported as (

    select
        source,
        record_updated_at as updated_at,
        payload as attributes,
        json_exists(payload, '$.contact') as is_agent,
        from_json(payload, '{
            "id": "VARCHAR", "name": "VARCHAR", "email": "VARCHAR", "language": "VARCHAR", "company_id": "VARCHAR",
            "contact": {"name": "VARCHAR", "email": "VARCHAR", "language": "VARCHAR"}
        }') as person
    from latest

),

-- Every version of every ticket: a later export may name by id alone people whom an older export described.
requesters as (

    select
        source,
        record_updated_at as updated_at,
        from_json(payload, '{
            "requester": {"id": "VARCHAR", "name": "VARCHAR", "email": "VARCHAR", "language": "VARCHAR"}
        }').requester as person
    from {{ source('lake', 'raw_tickets') }}
    where helpdesk = 'freshdesk' and record_kind = 'ticket'

),

unioned as (

    select
        source,
        person.id as user_id,
        coalesce(person.name, person.contact.name) as user_name,
        coalesce(person.email, person.contact.email) as email,
        -- Agents are exported with their address inside a contact; contacts are not.
        case when is_agent then 'staff' end as user_role,
        coalesce(person.language, person.contact.language) as locale,
        attributes::json as attributes,
        updated_at
    from exported
    union all by name
    select
        source,
        person.id as user_id,
        person.name as user_name,
        person.email,
        person.language as locale,
        updated_at
    from requesters

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
