with tickets as (

    select
        tickets.* exclude (is_merged, is_spam, is_deleted),
        exclusions.is_deleted,
        exclusions.is_merged,
        exclusions.is_spam,
        exclusions.is_automated,
        exclusions.has_bot_tag,
        case
            when exclusions.is_deleted then 'deleted'
            when exclusions.is_merged then 'merged'
            when exclusions.is_spam then 'spam'
            when exclusions.is_automated then 'automated'
        end as exclusion_reason
    from {{ ref('int_tickets_unioned') }} as tickets
    inner join {{ ref('int_ticket_exclusions') }} as exclusions
        on tickets.ticket_id = exclusions.ticket_id

)

select
    tickets.ticket_id,
    tickets.source,
    tickets.helpdesk,
    tickets.helpdesk_ticket_id,
    tickets.created_at,
    tickets.updated_at,
    outcomes.solved_at,
    outcomes.solved_at_source,
    tickets.status,
    tickets.helpdesk_status,
    tickets.channel,
    tickets.priority,
    tickets.requester_id,
    assignees.person_id as assignee_id,
    tickets.group_name,
    tickets.organization_id,
    tickets.locale,
    context.plan,
    context.page,
    context.os,
    context.sso,
    context.topic,
    tickets.tags,
    labels.label_category_id,
    tickets.is_deleted,
    tickets.is_merged,
    tickets.is_spam,
    tickets.is_automated,
    tickets.exclusion_reason,
    tickets.exclusion_reason is null as is_in_audit,
    outcomes.first_reply_calendar_minutes,
    outcomes.first_bot_reply_calendar_minutes,
    tickets.helpdesk_first_reply_calendar_minutes,
    outcomes.full_resolution_calendar_minutes,
    outcomes.count_impossible_durations,
    replies.count_public_comments,
    replies.count_requester_comments,
    replies.count_staff_replies,
    replies.count_touches,
    replies.count_bot_replies,
    replies.count_internal_notes,
    outcomes.count_reopens,
    outcomes.reopens_source,
    outcomes.is_one_touch_resolution,
    outcomes.csat_offered,
    outcomes.csat,
    case when outcomes.csat_offered and tickets.csat_score not in ('offered', 'unoffered') then tickets.csat_score end
        as csat_score,
    sha256(tickets.csat_comment) as csat_comment_hash,
    coalesce(tickets.helpdesk_handle_time_minutes, context.handle_time_minutes) as handle_time_minutes,
    case
        when tickets.helpdesk_handle_time_minutes is not null then 'helpdesk'
        when context.handle_time_minutes is not null then 'helpdesk_field'
        else 'none'
    end as handle_time_source,
    replies.handle_time_proxy_minutes,
    replies.count_bot_replies > 0 or tickets.has_bot_tag as has_bot_reply,
    (replies.count_bot_replies > 0 or tickets.has_bot_tag) and replies.count_staff_replies = 0 as is_bot_only,
    coalesce(context.context, '{}') as context
from tickets
inner join {{ ref('int_ticket_replies') }} as replies
    on tickets.ticket_id = replies.ticket_id
inner join {{ ref('int_ticket_outcomes') }} as outcomes
    on tickets.ticket_id = outcomes.ticket_id
left join {{ ref('int_ticket_context') }} as context
    on tickets.ticket_id = context.ticket_id
left join {{ ref('int_ticket_labels') }} as labels
    on tickets.ticket_id = labels.ticket_id
left join {{ ref('int_people') }} as assignees
    on tickets.source = assignees.source and tickets.assignee_user_id = assignees.user_id
