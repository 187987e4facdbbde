with tickets as (

    select
        tickets.*,
        tickets.status in ('solved', 'closed') as is_solved,
        replies.asked_at,
        replies.first_staff_reply_at,
        replies.first_bot_reply_at,
        replies.last_staff_reply_at,
        replies.last_bot_reply_at,
        replies.accepted_answer_at,
        replies.count_staff_replies
    from {{ ref('int_tickets_unioned') }} as tickets
    inner join {{ ref('int_ticket_replies') }} as replies
        on tickets.ticket_id = replies.ticket_id

),

solved as (

    select
        *,
        case
            when not is_solved then null
            else coalesce(helpdesk_solved_at, accepted_answer_at, last_staff_reply_at, last_bot_reply_at)
        end as solved_at,
        case
            when not is_solved then 'none'
            when helpdesk_solved_at is not null then 'helpdesk'
            when accepted_answer_at is not null then 'accepted_answer'
            when last_staff_reply_at is not null or last_bot_reply_at is not null then 'last_reply'
            else 'none'
        end as solved_at_source
    from tickets

),

returned as (

    -- Only a solved time the helpdesk wrote down can be returned after: one derived from replies is always last.
    select
        solved.ticket_id,
        count(comments.comment_id) > 0 as has_returned
    from solved
    left join {{ ref('int_ticket_comments_unioned') }} as comments
        on
            solved.ticket_id = comments.ticket_id
            and comments.author_role = 'requester'
            and comments.is_public
            and not comments.is_spam
            and comments.created_at > solved.helpdesk_solved_at
    where solved.helpdesk_solved_at is not null
    group by solved.ticket_id

)

select
    solved.ticket_id,
    solved.solved_at,
    solved.solved_at_source,
    {{ calendar_minutes('solved.asked_at', 'solved.first_staff_reply_at') }} as first_reply_calendar_minutes,
    {{ calendar_minutes('solved.asked_at', 'solved.first_bot_reply_at') }} as first_bot_reply_calendar_minutes,
    {{ calendar_minutes('solved.created_at', 'solved.solved_at') }} as full_resolution_calendar_minutes,
    {{ is_impossible_duration('solved.asked_at', 'solved.first_staff_reply_at') }}::integer
    + {{ is_impossible_duration('solved.asked_at', 'solved.first_bot_reply_at') }}::integer
    + {{ is_impossible_duration('solved.created_at', 'solved.solved_at') }}::integer as count_impossible_durations,
    coalesce(
        solved.helpdesk_count_reopens, solved.derived_count_reopens, returned.has_returned::integer
    ) as count_reopens,
    case
        when solved.helpdesk_count_reopens is not null then 'helpdesk'
        when solved.derived_count_reopens is not null or returned.has_returned is not null then 'derived'
        else 'none'
    end as reopens_source,
    solved.is_solved and solved.count_staff_replies = 1 as is_one_touch_resolution,
    {{ csat('solved.helpdesk', 'solved.csat_score') }} as csat,
    {{ csat_offered('solved.helpdesk', 'solved.csat_score', 'solved.is_rating_requested') }} as csat_offered
from solved
left join returned
    on solved.ticket_id = returned.ticket_id
