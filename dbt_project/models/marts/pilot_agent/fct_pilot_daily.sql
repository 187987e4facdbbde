{%- set cuts = [
    'pilot_id', 'day', 'phase', 'week', 'shadow_week', 'category_id', 'mode', 'arm', 'plan', 'language', 'channel',
] -%}
select
    -- JSON tells a value nobody knows from an empty one.
    substr(sha256(json_array({{ cuts | join(', ') }})::varchar), 1, 16) as pilot_daily_id,
    {{ cuts | join(',\n    ') }},
    count(*) as count_tickets,
    count(*) filter (where action = 'answer') as count_answer,
    count(*) filter (where action = 'ask') as count_ask,
    count(*) filter (where action = 'draft') as count_draft,
    count(*) filter (where action = 'escalate') as count_escalate,
    count(*) filter (where is_involved) as count_involved,
    count(*) filter (where is_escalated) as count_escalated,
    count(*) filter (where csat_positive is not null) as count_rated,
    count(*) filter (where csat_positive) as count_rated_positive,
    count(*) filter (where review is not null) as count_reviewed,
    count(*) filter (where review = 'correct') as count_reviewed_correct,
    count(*) filter (where review = 'needs_improvement') as count_reviewed_needs_improvement,
    count(*) filter (where review = 'incorrect') as count_reviewed_incorrect,
    count(is_resolved_assumed) as count_known_assumed,
    count(*) filter (where is_resolved_assumed) as count_resolved_assumed,
    count(is_resolved_confirmed) as count_known_confirmed,
    count(*) filter (where is_resolved_confirmed) as count_resolved_confirmed,
    count(is_resolved_verified) as count_known_verified,
    count(*) filter (where is_resolved_verified) as count_resolved_verified,
    {{- pilot_metrics() }}
    coalesce(sum(handle_time_minutes), 0) as handle_time_numerator_minutes,
    count(handle_time_minutes) as handle_time_denominator,
    coalesce(sum(handle_time_proxy_minutes), 0) as handle_time_proxy_numerator_minutes,
    count(handle_time_proxy_minutes) as handle_time_proxy_denominator,
    any_value(as_of) as as_of
from {{ ref('fct_ai_answers') }}
group by {{ cuts | join(', ') }}
