with latest as (

    {{ latest_records('generic', 'ticket') }}

),

parsed as (

    select
        latest.source,
        latest.record_id,
        latest.export_id,
        latest.record_updated_at,
        json_merge_patch(latest.payload, '{"body_html": null, "body_text": null, "comments": null}') as attributes,
        from_json(latest.payload, '{
            "created_at": "VARCHAR", "updated_at": "VARCHAR", "solved_at": "VARCHAR", "status": "VARCHAR",
            "subject": "VARCHAR", "body_html": "VARCHAR", "body_text": "VARCHAR", "priority": "VARCHAR",
            "requester_id": "VARCHAR", "requester_name": "VARCHAR", "requester_email": "VARCHAR",
            "assignee_id": "VARCHAR", "group": "VARCHAR", "organization_id": "VARCHAR", "channel": "VARCHAR",
            "locale": "VARCHAR", "tags": ["VARCHAR"], "fields": "JSON", "csat": "VARCHAR",
            "csat_comment": "VARCHAR",
            "is_spam": "BOOLEAN", "is_deleted": "BOOLEAN"
        }') as ticket
    from latest

),

renamed as (

    select
        source,
        record_id as helpdesk_ticket_id,
        source || ':' || record_id as ticket_id,
        export_id,
        {{ presence('ticket.subject') }} as subject,
        {{ presence('ticket.body_html') }} as description_html,
        {{ presence('ticket.body_text') }} as description_text,
        {{ utc('ticket.created_at') }} as created_at,
        coalesce({{ utc('ticket.updated_at') }}, record_updated_at) as updated_at,
        {{ utc('ticket.solved_at') }} as solved_at,
        ticket.status as helpdesk_status,
        case
            when ticket.is_deleted then 'deleted'
            when lower(ticket.status) in ('new', 'open', 'pending', 'hold', 'solved', 'closed', 'deleted')
                then lower(ticket.status)
            else 'open'
        end as status,
        lower(ticket.channel) as channel,
        lower(ticket.priority) as priority,
        coalesce({{ presence('ticket.requester_id') }}, lower({{ presence('ticket.requester_email') }}))
            as requester_user_id,
        {{ presence('ticket.requester_name') }} as requester_name,
        {{ presence('ticket.requester_email') }} as requester_email,
        {{ presence('ticket.locale') }} as locale,
        {{ presence('ticket.assignee_id') }} as assignee_user_id,
        ticket.group as group_name,
        ticket.organization_id,
        coalesce(list_filter(ticket.tags, lambda tag: tag is not null), []) as tags,
        {{ object_entries('ticket.fields') }} as custom_fields,
        attributes,
        coalesce(ticket.is_deleted, false) or coalesce(lower(ticket.status) = 'deleted', false) as is_deleted,
        coalesce(ticket.is_spam, false) as is_spam,
        lower(ticket.csat) as satisfaction_score,
        {{ presence('ticket.csat_comment') }} as satisfaction_comment
    from parsed

)

select * from renamed
