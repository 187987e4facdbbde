-- Sums over any cut of the daily table must be the counts of the tickets: a cut with unknown values that drops out,
-- or a ticket on two days, would bend every rate. Counted from the tickets, without the macro that both sides would
-- share.
{{ config(meta = {'dagster': {'ref': {'name': 'fct_pilot_daily'}}}) }}

with days as (

    select
        coalesce(sum(count_tickets), 0) as tickets,
        coalesce(sum(count_involved), 0) as involved,
        coalesce(sum(count_reviewed), 0) as reviewed,
        coalesce(sum(count_answer + count_ask + count_draft + count_escalate), 0) as actions,
        coalesce(sum(csat_response_rate_denominator), 0) as in_arms,
        coalesce(sum(resolution_rate_as_assigned_numerator), 0) as resolved,
        coalesce(sum(resolution_rate_as_assigned_denominator), 0) as known
    from {{ ref('fct_pilot_daily') }}

),

answers as (

    select
        count(*) as tickets,
        count(*) filter (where is_involved) as involved,
        count(review) as reviewed,
        count(action) as actions,
        count(arm) as in_arms,
        count(*) filter (where is_resolved and arm is not null) as resolved,
        count(is_resolved) filter (where arm is not null) as known
    from {{ ref('fct_ai_answers') }}

)

select
    days,
    answers
from days
cross join answers
where days != answers
