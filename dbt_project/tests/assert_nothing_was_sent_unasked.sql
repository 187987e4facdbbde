-- A draft that went out with nobody's approval, or a decision of the control arm that went out at all, is
-- exactly what the shadow is there to prevent. It would count as an answer here.
{{ config(meta = {'dagster': {'ref': {'name': 'int_pilot_turns'}}}) }}

select
    turns.answer_id,
    turns.ticket_id,
    turns.mode,
    turns.action,
    outbox.status,
    outbox.approved_by
from {{ ref('int_pilot_turns') }} as turns
inner join {{ source('lake', 'outbox') }} as outbox
    on turns.answer_id = outbox.answer_id
where
    turns.mode = 'control'
    or (
        outbox.status = 'delivered'
        and outbox.approved_by is null
        and not (turns.mode = 'rollout' and turns.action in ('answer', 'ask'))
    )
