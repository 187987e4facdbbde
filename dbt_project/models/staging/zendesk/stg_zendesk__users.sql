{%- set person_shape =
    '{"id": "VARCHAR", "name": "VARCHAR", "email": "VARCHAR", "role": "VARCHAR", "locale": "VARCHAR"}' -%}

with latest as (

    {{ latest_records('zendesk', 'user') }}

),

exported as (

    select
        source,
        record_updated_at as updated_at,
        from_json(payload, '{{ person_shape }}') as person,
        payload as attributes
    from latest

),

-- Every version of every ticket: an incremental export names by id alone people whom an older export described.
tickets as (

    select
        source,
        record_updated_at as updated_at,
        from_json(payload, '{
            "requester": {{ person_shape }}, "assignee": {{ person_shape }}, "users": [{{ person_shape }}]
        }') as ticket
    from {{ source('lake', 'raw_tickets') }}
    where helpdesk = 'zendesk' and record_kind = 'ticket'

),

nested as (

    select
        source,
        updated_at,
        unnest(list_concat([ticket.requester, ticket.assignee], coalesce(ticket.users, []))) as person,
        null as attributes
    from tickets

),

unioned as (

    select * from exported
    union all by name
    select * from nested

),

renamed as (

    select
        source,
        person.id as user_id,
        {{ presence('person.name') }} as user_name,
        {{ presence('person.email') }} as email,
        case lower(person.role)
            when 'end-user' then 'requester'
            when 'agent' then 'staff'
            when 'admin' then 'staff'
        end as user_role,
        person.locale,
        attributes::json as attributes,
        coalesce(updated_at, to_timestamp(0)) as updated_at
    from unioned
    where person.id is not null

)

-- Nested users often lack a role or an address that an older record of the same user has.
select
    source,
    user_id,
    arg_max(user_name, updated_at) filter (where user_name is not null) as user_name,
    arg_max(email, updated_at) filter (where email is not null) as email,
    arg_max(user_role, updated_at) filter (where user_role is not null) as user_role,
    arg_max(locale, updated_at) filter (where locale is not null) as locale,
    arg_max(attributes, updated_at) filter (where attributes is not null) as attributes
from renamed
group by source, user_id
