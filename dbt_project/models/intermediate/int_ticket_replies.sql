-- Internal notes and spam are not replies: everything here but count_internal_notes is about public comments.
with comments as (

    select
        *,
        is_public and not is_spam as is_countable,
        is_public and not is_spam and position > 1 and author_role = 'staff' as is_staff_reply,
        is_public and not is_spam and position > 1 and author_role = 'bot' as is_bot_reply
    from {{ ref('int_ticket_comments_unioned') }}

),

spoken as (

    select
        *,
        lag(created_at) over (partition by ticket_id order by position) as previous_created_at
    from comments
    where is_countable

),

replies as (

    select
        ticket_id,
        -- The clock runs from the customer's first words, so that a ticket opened by staff is not answered at once.
        arg_min(created_at, position) filter (where author_role = 'requester') as asked_at,
        min(position) filter (where author_role = 'requester') as asked_position,
        arg_max(created_at, position) filter (where is_staff_reply) as last_staff_reply_at,
        arg_max(created_at, position) filter (where is_bot_reply) as last_bot_reply_at,
        max(created_at) filter (where is_solution) as accepted_answer_at,
        count(*) as count_public_comments,
        count(*) filter (where author_role = 'requester') as count_requester_comments,
        count(*) filter (where is_staff_reply) as count_staff_replies,
        count(*) filter (where author_role = 'staff') as count_touches,
        count(*) filter (where is_bot_reply) as count_bot_replies,
        sum(least(
            {{ calendar_minutes('previous_created_at', 'created_at') }}, {{ var('handle_time_proxy_cap_minutes') }}
        )) filter (where is_staff_reply) as handle_time_proxy_minutes
    from spoken
    group by ticket_id

),

first_replies as (

    select
        spoken.ticket_id,
        arg_min(spoken.created_at, spoken.position) filter (where spoken.is_staff_reply) as first_staff_reply_at,
        arg_min(spoken.created_at, spoken.position) filter (where spoken.is_bot_reply) as first_bot_reply_at
    from spoken
    inner join replies
        on spoken.ticket_id = replies.ticket_id
    where spoken.position > replies.asked_position
    group by spoken.ticket_id

),

notes as (

    select
        ticket_id,
        count(*) as count_internal_notes
    from comments
    where not is_public and not is_spam and author_role = 'staff'
    group by ticket_id

),

tickets as (

    select distinct ticket_id
    from comments

)

select
    tickets.ticket_id,
    replies.asked_at,
    first_replies.first_staff_reply_at,
    first_replies.first_bot_reply_at,
    replies.last_staff_reply_at,
    replies.last_bot_reply_at,
    replies.accepted_answer_at,
    coalesce(replies.count_public_comments, 0) as count_public_comments,
    coalesce(replies.count_requester_comments, 0) as count_requester_comments,
    coalesce(replies.count_staff_replies, 0) as count_staff_replies,
    coalesce(replies.count_touches, 0) as count_touches,
    coalesce(replies.count_bot_replies, 0) as count_bot_replies,
    coalesce(notes.count_internal_notes, 0) as count_internal_notes,
    replies.handle_time_proxy_minutes
from tickets
left join replies
    on tickets.ticket_id = replies.ticket_id
left join first_replies
    on tickets.ticket_id = first_replies.ticket_id
left join notes
    on tickets.ticket_id = notes.ticket_id
