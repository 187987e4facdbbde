-- Nobody was shown what was decided in the control arm: a review of it says nothing about the ticket.
with reviews as (

    select
        turns.ticket_id,
        turns.is_last,
        reviews.reviewer,
        reviews.reason,
        case reviews.tag when 'incorrect' then 3 when 'needs_improvement' then 2 when 'correct' then 1 end as severity
    from {{ source('lake', 'answer_reviews') }} as reviews
    inner join {{ ref('int_pilot_turns') }} as turns
        on reviews.answer_id = turns.answer_id
    where reviews.is_current and reviews.tag is not null and turns.mode != 'control'

)

select
    ticket_id,
    case
        when max(severity) = 3 then 'incorrect'
        when max(severity) = 2 then 'needs_improvement'
        -- Praise of an earlier question is no word on the answer; blame of it is known at once.
        when bool_or(is_last) then 'correct'
    end as review,
    count(distinct reviewer) as count_reviewers,
    bool_or(coalesce(reason = 'should_have_escalated', false)) as says_should_have_escalated,
    bool_or(is_last and coalesce(reason = 'needless_escalation', false)) as says_needless_escalation
from reviews
group by ticket_id
