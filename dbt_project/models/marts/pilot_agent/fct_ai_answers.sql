with pilot as (

    select
        *,
        to_days(settle_days) as settle_window,
        to_days({{ var('return_window_days') }}) as return_window
    from {{ ref('int_pilot_plan') }}

),

-- As the ticket came: what it was drawn for and what its first message resembles do not change with later turns.
first_turns as (

    select * from {{ ref('int_pilot_turns') }}
    where place = 1

),

last_turns as (

    select * from {{ ref('int_pilot_turns') }}
    where is_last

),

involvement as (

    select
        ticket_id,
        count(*) as count_turns,
        bool_or(is_involved) as is_involved
    from {{ ref('int_pilot_turns') }}
    group by ticket_id

),

answers as (

    select
        last_turns.answer_id,
        first_turns.pilot_id,
        first_turns.ticket_id,
        first_turns.requester_id,
        last_turns.release_id,
        first_turns.category_id,
        first_turns.bucket,
        first_turns.phase,
        first_turns.mode,
        first_turns.arm,
        first_turns.share,
        draws.point,
        first_turns.created_at,
        last_turns.decided_at,
        pilot.as_of,
        pilot.resolution_kind,
        pilot.return_window,
        first_turns.created_at::date as day,
        case
            when first_turns.phase = 'rollout' and first_turns.created_at >= pilot.rollout_start
                then floor(epoch(first_turns.created_at - pilot.rollout_start) / 604800)::integer
        end as week,
        case
            when first_turns.phase = 'shadow' and first_turns.created_at >= pilot.shadow_start
                then floor(epoch(first_turns.created_at - pilot.shadow_start) / 604800)::integer
        end as shadow_week,
        first_turns.plan,
        first_turns.language,
        first_turns.channel,
        last_turns.action,
        first_turns.action as first_action,
        involvement.count_turns::integer as count_turns,
        last_turns.confidence,
        last_turns.threshold,
        last_turns.entry_ids,
        last_turns.steps,
        last_turns.reasons,
        last_turns.handoff_reason,
        involvement.is_involved,
        last_turns.action in ('draft', 'escalate') as is_handed_over,
        last_turns.mode != 'rollout' as is_last_for_approval,
        last_turns.is_withheld as is_last_withheld,
        replies.answered_at,
        replies.is_answered,
        replies.is_accepted,
        replies.is_requester_waiting,
        replies.is_left_with_question,
        replies.count_staff_replies,
        coalesce(replies.answered_at, first_turns.created_at) + pilot.settle_window <= pilot.as_of as is_settled,
        reviews.review,
        coalesce(reviews.count_reviewers, 0)::integer as count_reviewers,
        case
            when reviews.says_should_have_escalated then true
            when reviews.review is not null
                then last_turns.action = 'escalate' and not reviews.says_needless_escalation
        end as should_escalate,
        tickets.status,
        tickets.count_reopens,
        tickets.is_in_audit,
        case tickets.csat when 'good' then true when 'bad' then false end as csat_positive,
        tickets.handle_time_minutes,
        tickets.handle_time_source,
        tickets.handle_time_proxy_minutes
    from first_turns
    inner join last_turns
        on first_turns.ticket_id = last_turns.ticket_id
    inner join involvement
        on first_turns.ticket_id = involvement.ticket_id
    inner join {{ ref('int_pilot_replies') }} as replies
        on first_turns.ticket_id = replies.ticket_id
    inner join {{ ref('fct_tickets') }} as tickets
        on first_turns.ticket_id = tickets.ticket_id
    cross join pilot
    left join {{ source('lake', 'rollout_assignments') }} as draws
        on first_turns.pilot_id = draws.pilot_id and first_turns.requester_id = draws.requester_id
    left join {{ ref('int_pilot_reviews') }} as reviews
        on first_turns.ticket_id = reviews.ticket_id

),

resolved as (

    select
        *,
        case
            when not is_settled then null
            when not is_answered or is_left_with_question then false
            else status in ('solved', 'closed') or not is_requester_waiting
        end as is_resolved_assumed,
        case
            when is_accepted then true
            when is_settled then false
        end as is_resolved_confirmed,
        case when review is not null then review = 'correct' end as is_resolved_verified,
        case
            when arm = 'control' then 'control'
            when is_handed_over then coalesce(handoff_reason, action)
            -- In the shadow weeks a person answers everything: only what the agent itself would hand over is told.
            when phase = 'shadow' then null
            when is_last_for_approval then 'needs_approval'
            when is_last_withheld then 'rollout_stopped'
            when count_staff_replies > 0 then 'person_replied'
        end as escalation_reason
    from answers

),

-- Counted from the last answer and not from the solved time: helpdesks close days later, and not alike for both arms.
timed as (

    select
        *,
        case when is_resolved_assumed then coalesce(answered_at, created_at) end as resolved_at
    from resolved

),

returns as (

    select distinct timed.ticket_id
    from timed
    inner join first_turns as later
        on
            timed.requester_id = later.requester_id
            and timed.category_id = later.category_id
            and timed.ticket_id != later.ticket_id
            and timed.resolved_at < later.created_at
            and timed.resolved_at + timed.return_window >= later.created_at

)

select
    timed.answer_id,
    timed.pilot_id,
    timed.ticket_id,
    timed.requester_id,
    timed.release_id,
    timed.category_id,
    timed.bucket,
    timed.phase,
    timed.mode,
    timed.arm,
    timed.share,
    timed.point,
    timed.created_at,
    timed.decided_at,
    timed.day,
    timed.week,
    timed.shadow_week,
    timed.plan,
    timed.language,
    timed.channel,
    timed.action,
    timed.first_action,
    timed.count_turns,
    timed.confidence,
    timed.threshold,
    timed.entry_ids,
    timed.steps,
    timed.reasons,
    timed.handoff_reason,
    timed.is_involved,
    timed.escalation_reason is not null as is_escalated,
    timed.escalation_reason,
    timed.answered_at,
    timed.resolved_at,
    timed.is_resolved_assumed,
    timed.is_resolved_confirmed,
    timed.is_resolved_verified,
    case timed.resolution_kind
        when 'assumed' then timed.is_resolved_assumed
        when 'confirmed' then timed.is_resolved_confirmed
        when 'verified' then timed.is_resolved_verified
    end as is_resolved,
    -- Known for nobody before the window has passed, or those who returned early would be known first.
    case
        when
            timed.is_resolved_assumed
            and timed.requester_id is not null
            and timed.category_id is not null
            and timed.resolved_at + timed.return_window <= timed.as_of
            then returns.ticket_id is not null or coalesce(timed.count_reopens > 0, false)
    end as is_false_resolution,
    timed.csat_positive,
    timed.handle_time_minutes,
    timed.handle_time_source,
    timed.handle_time_proxy_minutes,
    timed.review,
    timed.count_reviewers,
    timed.should_escalate,
    timed.is_in_audit,
    timed.as_of
from timed
left join returns
    on timed.ticket_id = returns.ticket_id
