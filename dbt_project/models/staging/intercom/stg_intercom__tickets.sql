with latest as (

    {{ latest_records('intercom', 'ticket') }}

),

parsed as (

    select
        latest.source,
        latest.record_id,
        latest.export_id,
        latest.record_updated_at,
        json_merge_patch(latest.payload, '{"conversation_parts": null, "source": {"body": null}}') as attributes,
        from_json(latest.payload, '{
            "title": "VARCHAR", "state": "VARCHAR", "priority": "VARCHAR",
            "created_at": "VARCHAR", "updated_at": "VARCHAR",
            "source": {
                "type": "VARCHAR", "subject": "VARCHAR", "body": "VARCHAR",
                "author": {"id": "VARCHAR", "type": "VARCHAR", "name": "VARCHAR", "email": "VARCHAR"}
            },
            "contacts": {"contacts": [{"id": "VARCHAR", "name": "VARCHAR", "email": "VARCHAR", "locale": "VARCHAR"}]},
            "admin_assignee_id": "VARCHAR", "team_assignee_id": "VARCHAR", "company": {"id": "VARCHAR"},
            "custom_attributes": "JSON",
            "conversation_rating": {"rating": "VARCHAR", "remark": "VARCHAR"},
            "statistics": {
                "time_to_admin_reply": "DOUBLE", "last_close_at": "VARCHAR", "time_to_first_close": "DOUBLE",
                "time_to_last_close": "DOUBLE", "count_reopens": "INTEGER", "handling_time": "DOUBLE"
            },
            "conversation_parts": {"conversation_parts": [{"part_type": "VARCHAR", "created_at": "VARCHAR"}]}
        }') as ticket,
        -- Some exports flatten {"tags": {"tags": [{"name": …}]}} to a list of objects or of names.
        list_concat(
            json_extract_string(latest.payload, '$.tags.tags[*].name'),
            json_extract_string(latest.payload, '$.tags[*].name'),
            list_filter(json_extract_string(latest.payload, '$.tags[*]'), lambda tag: not starts_with(tag, '{'))
        ) as tags,
        json_type(latest.payload, '$.conversation_rating') = 'OBJECT' as is_rating_requested
    from latest

),

closed as (

    select
        *,
        list_filter(
            coalesce(ticket.conversation_parts.conversation_parts, []), lambda part: part.part_type = 'close'
        ) as close_parts,
        {{ epoch_utc('ticket.created_at') }} as created_at
    from parsed

),

renamed as (

    select
        source,
        record_id as helpdesk_ticket_id,
        source || ':' || record_id as ticket_id,
        export_id,
        coalesce({{ presence('ticket.title') }}, {{ presence('ticket.source.subject') }}) as subject,
        {{ presence('ticket.source.body') }} as description_html,
        created_at,
        coalesce({{ epoch_utc('ticket.updated_at') }}, record_updated_at) as updated_at,
        coalesce(
            {{ epoch_utc('ticket.statistics.last_close_at') }},
            created_at
            + to_seconds(coalesce(ticket.statistics.time_to_last_close, ticket.statistics.time_to_first_close)),
            list_max(list_transform(close_parts, lambda part: {{ epoch_utc('part.created_at') }}))
        ) as solved_at,
        ticket.state as helpdesk_status,
        case lower(ticket.state) when 'closed' then 'closed' when 'snoozed' then 'hold' else 'open' end as status,
        case lower(ticket.source.type) when 'conversation' then 'chat' else lower(ticket.source.type) end as channel,
        case ticket.priority when 'priority' then 'high' when 'not_priority' then 'normal' end as priority,
        case
            when ticket.source.author.type in ('user', 'lead', 'contact') then ticket.source.author.id
            else ticket.contacts.contacts[1].id
        end as requester_user_id,
        ticket.admin_assignee_id as assignee_user_id,
        ticket.team_assignee_id as group_name,
        ticket.company.id as organization_id,
        tags,
        {{ object_entries('ticket.custom_attributes') }} as custom_fields,
        attributes,
        ticket.conversation_rating.rating as satisfaction_score,
        {{ presence('ticket.conversation_rating.remark') }} as satisfaction_comment,
        coalesce(is_rating_requested, false) as is_rating_requested,
        ticket.statistics.time_to_admin_reply / 60.0 as first_reply_calendar_minutes,
        ticket.statistics.handling_time / 60.0 as handle_time_minutes,
        ticket.statistics.count_reopens,
        -- Closed as often as it was reopened, and once more if it is closed now.
        case
            when len(close_parts) > 0 then len(close_parts) - (lower(ticket.state) = 'closed')::integer
        end as derived_count_reopens,
        ticket.source.author as opening_author,
        ticket.contacts.contacts as nested_contacts
    from closed

)

select * from renamed
