with latest as (

    {{ latest_records('zendesk', 'ticket') }}

),

parsed as (

    select
        latest.source,
        latest.record_id,
        latest.export_id,
        latest.record_updated_at,
        json_merge_patch(
            latest.payload,
            '{"comments": null, "description": null, "users": null, "custom_fields": null, "fields": null}'
        ) as attributes,
        from_json(latest.payload, '{
            "subject": "VARCHAR", "raw_subject": "VARCHAR", "description": "VARCHAR",
            "created_at": "VARCHAR", "updated_at": "VARCHAR", "solved_at": "VARCHAR",
            "status": "VARCHAR", "priority": "VARCHAR", "tags": ["VARCHAR"],
            "via": {"channel": "VARCHAR", "source": {"rel": "VARCHAR"}},
            "requester_id": "VARCHAR", "assignee_id": "VARCHAR", "group_id": "VARCHAR", "organization_id": "VARCHAR",
            "requester": {"id": "VARCHAR", "locale": "VARCHAR"}, "assignee": {"id": "VARCHAR"},
            "group": {"id": "VARCHAR", "name": "VARCHAR"}, "organization": {"id": "VARCHAR"},
            "custom_fields": [{"id": "VARCHAR", "title": "VARCHAR", "value": "VARCHAR"}],
            "satisfaction_rating": {"score": "VARCHAR", "comment": "VARCHAR"},
            "metric_set": "JSON", "ticket_metrics": "JSON",
            "merged_ticket_ids": ["VARCHAR"], "spam": "BOOLEAN", "deleted": "BOOLEAN"
        }') as ticket
    from latest

),

renamed as (

    select
        source,
        record_id as helpdesk_ticket_id,
        source || ':' || record_id as ticket_id,
        export_id,
        coalesce({{ presence('ticket.subject') }}, {{ presence('ticket.raw_subject') }}) as subject,
        {{ presence('ticket.description') }} as description_text,
        {{ utc('ticket.created_at') }} as created_at,
        coalesce({{ utc('ticket.updated_at') }}, record_updated_at) as updated_at,
        {{ utc('ticket.solved_at') }} as solved_at,
        ticket.status as helpdesk_status,
        case
            when ticket.deleted then 'deleted'
            when lower(ticket.status) in ('new', 'open', 'pending', 'hold', 'solved', 'closed', 'deleted')
                then lower(ticket.status)
            else 'open'
        end as status,
        lower(ticket.via.channel) as channel,
        lower(ticket.priority) as priority,
        coalesce(ticket.requester_id, ticket.requester.id) as requester_user_id,
        ticket.requester.locale,
        coalesce(ticket.assignee_id, ticket.assignee.id) as assignee_user_id,
        coalesce(ticket.group.name, ticket.group_id, ticket.group.id) as group_name,
        coalesce(ticket.organization_id, ticket.organization.id) as organization_id,
        coalesce(list_filter(ticket.tags, lambda tag: tag is not null), []) as tags,
        -- A field goes by its id and by its title; exports name either.
        coalesce(
            flatten(list_transform(
                ticket.custom_fields,
                lambda field: [
                    struct_pack(key := lower(field.id), value := field.value),
                    struct_pack(key := lower(field.title), value := field.value)
                ]
            )),
            []
        ) as custom_fields,
        attributes,
        coalesce(ticket.status = 'deleted', false) or coalesce(ticket.deleted, false) as is_deleted,
        coalesce(list_has_any(list_transform(ticket.tags, lambda tag: lower(tag)), ['closed_by_merge']), false)
        or coalesce(ticket.via.source.rel = 'merge', false) as is_merged,
        coalesce(ticket.spam, false) as is_spam,
        ticket.merged_ticket_ids,
        ticket.satisfaction_rating.score as satisfaction_score,
        {{ presence('ticket.satisfaction_rating.comment') }} as satisfaction_comment,
        coalesce(ticket.metric_set, ticket.ticket_metrics) as nested_metrics
    from parsed

)

select * from renamed
