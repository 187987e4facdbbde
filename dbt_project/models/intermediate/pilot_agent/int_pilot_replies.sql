-- Who spoke last is asked of both arms with the same words: the arms would not be comparable otherwise.
with spoken as (

    select
        comments.ticket_id,
        comments.author_role,
        comments.created_at,
        comments.position,
        comments.is_solution,
        not comments.is_opening and comments.author_role in ('staff', 'bot') as is_reply,
        not comments.is_opening and comments.author_role = 'staff' as is_staff_reply
    from {{ ref('fct_ticket_comments') }} as comments
    semi join {{ ref('int_pilot_turns') }} as turns
        on comments.ticket_id = turns.ticket_id
    where comments.is_public and not comments.is_spam and comments.author_role in ('requester', 'staff', 'bot')

),

helpdesk as (

    select
        ticket_id,
        arg_max(author_role, position) as last_role,
        max(created_at) filter (where author_role = 'requester') as last_requester_at,
        max(created_at) filter (where is_reply) as last_reply_at,
        max(created_at) filter (where is_staff_reply) as last_staff_reply_at,
        count(*) filter (where is_reply) as count_replies,
        count(*) filter (where is_staff_reply) as count_staff_replies,
        bool_or(is_solution) as has_solution
    from spoken
    group by ticket_id

),

agent as (

    select
        ticket_id,
        max(sent_at) as last_sent_at,
        arg_max(action, place) filter (where is_sent) as last_sent_action,
        count(*) filter (where is_sent) as count_sent
    from {{ ref('int_pilot_turns') }}
    group by ticket_id

)

select
    agent.ticket_id,
    greatest(helpdesk.last_reply_at, agent.last_sent_at) as answered_at,
    coalesce(helpdesk.count_replies, 0) + agent.count_sent > 0 as is_answered,
    coalesce(helpdesk.count_staff_replies, 0) as count_staff_replies,
    coalesce(helpdesk.has_solution, false) as is_accepted,
    coalesce(
        helpdesk.last_role = 'requester' and coalesce(agent.last_sent_at < helpdesk.last_requester_at, true), false
    ) as is_requester_waiting,
    coalesce(
        agent.last_sent_action = 'ask' and coalesce(helpdesk.last_staff_reply_at < agent.last_sent_at, true), false
    ) as is_left_with_question
from agent
left join helpdesk
    on agent.ticket_id = helpdesk.ticket_id
