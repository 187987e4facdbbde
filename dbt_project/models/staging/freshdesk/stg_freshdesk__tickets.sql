with latest as (

    {{ latest_records('freshdesk', 'ticket') }}

),

parsed as (

    select
        latest.source,
        latest.record_id,
        latest.export_id,
        latest.record_updated_at,
        json_merge_patch(
            latest.payload, '{"conversations": null, "description": null, "description_text": null}'
        ) as attributes,
        from_json(latest.payload, '{
            "subject": "VARCHAR", "description": "VARCHAR", "description_text": "VARCHAR", "status": "VARCHAR",
            "created_at": "VARCHAR", "updated_at": "VARCHAR", "source": "VARCHAR", "priority": "INTEGER",
            "requester_id": "VARCHAR", "responder_id": "VARCHAR", "group_id": "VARCHAR", "company_id": "VARCHAR",
            "requester": {"id": "VARCHAR", "name": "VARCHAR", "email": "VARCHAR", "language": "VARCHAR"},
            "tags": ["VARCHAR"], "custom_fields": "JSON", "spam": "BOOLEAN", "deleted": "BOOLEAN",
            "stats": {
                "first_responded_at": "VARCHAR", "resolved_at": "VARCHAR", "closed_at": "VARCHAR",
                "reopened_at": "VARCHAR"
            }
        }') as ticket,
        json_exists(latest.payload, '$.stats.reopened_at') as knows_reopens
    from latest

),

renamed as (

    select
        source,
        record_id as helpdesk_ticket_id,
        source || ':' || record_id as ticket_id,
        export_id,
        {{ presence('ticket.subject') }} as subject,
        {{ presence('ticket.description') }} as description_html,
        {{ presence('ticket.description_text') }} as description_text,
        {{ utc('ticket.created_at') }} as created_at,
        coalesce({{ utc('ticket.updated_at') }}, record_updated_at) as updated_at,
        coalesce({{ utc('ticket.stats.resolved_at') }}, {{ utc('ticket.stats.closed_at') }}) as solved_at,
        ticket.status as helpdesk_status,
        case
            when ticket.deleted then 'deleted'
            when ticket.status = '2' then 'open'
            when ticket.status in ('3', '6') then 'pending'
            when ticket.status = '4' then 'solved'
            when ticket.status = '5' then 'closed'
            when ticket.status = '7' then 'hold'
            else 'open'
        end as status,
        case ticket.source
            when '1' then 'email'
            when '2' then 'web'
            when '3' then 'phone'
            when '5' then 'twitter'
            when '6' then 'facebook'
            when '7' then 'chat'
            when '8' then 'mobile'
            when '9' then 'web'
            when '10' then 'email'
            when '13' then 'whatsapp'
            else lower(ticket.source)
        end as channel,
        case ticket.priority
            when 1 then 'low'
            when 2 then 'normal'
            when 3 then 'high'
            when 4 then 'urgent'
        end as priority,
        coalesce(ticket.requester_id, ticket.requester.id) as requester_user_id,
        {{ presence('ticket.requester.name') }} as requester_name,
        {{ presence('ticket.requester.email') }} as requester_email,
        ticket.requester.language as locale,
        ticket.responder_id as assignee_user_id,
        ticket.group_id as group_name,
        ticket.company_id as organization_id,
        coalesce(list_filter(ticket.tags, lambda tag: tag is not null), []) as tags,
        {{ object_entries('ticket.custom_fields') }} as custom_fields,
        attributes,
        coalesce(ticket.deleted, false) as is_deleted,
        coalesce(ticket.spam, false) as is_spam,
        {{ utc('ticket.stats.first_responded_at') }} as first_responded_at,
        -- Freshdesk tells when a ticket was last reopened, not how often: one is the least that is true.
        case when knows_reopens then ({{ utc('ticket.stats.reopened_at') }} is not null)::integer end as count_reopens
    from parsed

)

select * from renamed
