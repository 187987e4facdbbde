-- The comparison holds only if chance alone decides who is answered by the agent: under one share a requester lies in
-- one arm, the arm is what the draw says, whoever cannot be drawn stays with people, and nobody outside the agent's
-- arm was answered by it.
with drawn as (

    select
        ticket_id,
        requester_id,
        share,
        point,
        phase,
        mode,
        arm,
        is_involved,
        min(arm) over (partition by requester_id, share) as one_arm
    from {{ ref('fct_ai_answers') }}

)

select
    *,
    case
        when (phase = 'rollout') != (arm is not null) then 'a ticket has an arm in the rollout and only there'
        when phase = 'shadow' and mode != 'shadow' then 'in the shadow weeks a person approves everything'
        when mode = 'rollout' and arm != 'ai' then 'the agent answers by itself in its arm only'
        when mode = 'control' and arm != 'control' then 'control is the mode of the control arm'
        when is_involved and mode != 'rollout' then 'the agent was involved where it may not be'
        when arm = 'ai' and requester_id is null then 'a requester nobody knows cannot be drawn'
        when requester_id is not null and arm != one_arm then 'one requester lies in both arms under one share'
        when arm is not null and point is not null and (point < share) != (arm = 'ai')
            then 'the arm is not what was drawn'
    end as problem
from drawn
where problem is not null
