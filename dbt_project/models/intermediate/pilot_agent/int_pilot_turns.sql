with answers as (

    select answers.*
    from {{ source('lake', 'shadow_answers') }} as answers
    inner join {{ ref('int_pilot_plan') }} as pilot
        on answers.pilot_id = pilot.pilot_id
    -- A ticket that was erased leaves the facts with everything decided about it.
    semi join {{ ref('fct_tickets') }} as tickets
        on answers.ticket_id = tickets.ticket_id

),

delivered as (

    select
        answers.*,
        outbox.delivered_at,
        coalesce(outbox.status = 'withheld', false) as is_withheld,
        -- Only what somebody says was delivered reached the customer: ready is not sent.
        answers.mode != 'control' and coalesce(outbox.status = 'delivered', false) as is_sent
    from answers
    left join {{ source('lake', 'outbox') }} as outbox
        on answers.answer_id = outbox.answer_id

)

select
    answer_id,
    pilot_id,
    ticket_id,
    turn::integer as turn,
    row_number() over (partition by ticket_id order by turn, decided_at, answer_id) as place,
    row_number() over (partition by ticket_id order by turn desc, decided_at desc, answer_id desc) = 1 as is_last,
    nullif(requester_id, '') as requester_id,
    created_at,
    asked_at,
    decided_at,
    phase,
    mode,
    arm,
    share,
    action,
    category_id,
    category_confidence,
    bucket,
    confidence,
    threshold,
    -- A list that is empty in every row has no type of its own.
    entry_ids::varchar [] as entry_ids,
    handoff_reason,
    is_urgent,
    steps::varchar [] as steps,
    reasons,
    release_id,
    language,
    plan,
    channel,
    is_withheld,
    is_sent,
    case when is_sent then coalesce(delivered_at, decided_at) end as sent_at,
    is_sent and mode = 'rollout' and action in ('answer', 'ask') as is_involved
from delivered
