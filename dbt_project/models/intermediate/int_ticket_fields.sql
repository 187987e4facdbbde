with tickets as (

    select * from {{ ref('int_tickets_unioned') }}

),

wanted as (

    select
        source,
        field,
        key,
        '/' || replace(key, '.', '/') as pointer,
        -- 'requester.…' and 'company.…' also name what is known of the requester or company outside the ticket.
        '/' || replace(regexp_replace(key, '^(requester|contact|user|company|organization)\.', ''), '.', '/')
            as inner_pointer
    from {{ source('lake', 'desk_fields') }}
    where not starts_with(field, '_')

),

custom_fields as (

    select
        source,
        helpdesk,
        ticket_id,
        unnest(custom_fields) as custom_field
    from tickets

),

-- The mapping of another platform already names its columns as the desk calls them.
named as (

    select
        custom_fields.ticket_id,
        coalesce(wanted.field, custom_fields.custom_field.key) as field,
        custom_fields.custom_field.value
    from custom_fields
    left join wanted
        on custom_fields.source = wanted.source and custom_fields.custom_field.key = lower(wanted.key)
    where wanted.field is not null or custom_fields.helpdesk = 'generic'

),

paths as (

    select
        tickets.ticket_id,
        wanted.field,
        coalesce(
            {{ look_up('tickets.attributes', 'wanted.pointer') }},
            {{ look_up('tickets.requester_attributes', 'wanted.inner_pointer') }},
            {{ look_up('organizations.attributes', 'wanted.inner_pointer') }}
        ) as found
    from tickets
    inner join wanted
        on tickets.source = wanted.source
    left join {{ ref('int_organizations') }} as organizations
        on tickets.source = organizations.source and tickets.organization_id = organizations.organization_id
    anti join named
        on tickets.ticket_id = named.ticket_id and wanted.field = named.field

),

unioned as (

    select * from named
    union all by name
    -- A plan or company is often an object with a name.
    select
        ticket_id,
        field,
        coalesce(json_extract_string(found, '$.name'), json_extract_string(found, '$')) as value
    from paths

)

select
    ticket_id,
    field,
    min(trim(value)) as value
from unioned
where {{ presence('value') }} is not null
group by ticket_id, field
