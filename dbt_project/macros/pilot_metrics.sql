{#- Numerator and denominator of every metric of the pilot, as columns, each ending in a comma. Which tickets count and
    which of them score is the table of `assets/pilot_agent/verdict/metrics.py`, which the tests hold this to. Both
    readings where they differ: what the agent did alone, and everybody as assigned (`_as_assigned`). Tickets of the shadow
    phase have no arm and count nowhere. -#}
{%- macro pilot_metrics() %}
    {%- set is_ai = "arm = 'ai'" -%}
    {%- set is_attempted = "(arm = 'control' or is_involved)" -%}
    {%- set is_by_person = "(not is_involved or is_escalated)" -%}
    {%- set is_tagged = "arm = 'ai' and is_involved and review is not null" -%}
    {%- set metrics = {
        'involvement_rate': (is_ai, 'is_involved'),
        'resolution_rate': (
            "case when arm = 'ai' then is_involved and (is_resolved is not null or is_escalated) else is_resolved is not null end",
            "is_resolved and not (arm = 'ai' and is_escalated)",
        ),
        'resolution_rate_as_assigned': ('is_resolved is not null', 'is_resolved'),
        'automation_rate': (
            is_ai ~ ' and (' ~ is_by_person ~ ' or is_resolved is not null)', 'is_resolved and not ' ~ is_by_person
        ),
        'false_resolution_rate': (
            'is_resolved and is_false_resolution is not null and ' ~ is_attempted ~ " and not (arm = 'ai' and is_escalated)",
            'is_false_resolution',
        ),
        'false_resolution_rate_as_assigned': ('is_resolved and is_false_resolution is not null', 'is_false_resolution'),
        'escalation_rate': (is_ai ~ ' and is_involved', 'is_escalated'),
        'missed_escalation_rate': ('should_escalate is not null and ' ~ is_attempted, 'should_escalate and not is_escalated'),
        'missed_escalation_rate_as_assigned': ('should_escalate is not null', 'should_escalate and not is_escalated'),
        'csat': ('csat_positive is not null and ' ~ is_attempted, 'csat_positive'),
        'csat_as_assigned': ('csat_positive is not null', 'csat_positive'),
        'csat_response_rate': ('true', 'csat_positive is not null'),
        'answer_quality': (is_tagged, "review = 'correct'"),
        'answer_needs_improvement_rate': (is_tagged, "review = 'needs_improvement'"),
        'answer_incorrect_rate': (is_tagged, "review = 'incorrect'"),
        'review_share': (is_ai ~ ' and is_involved', 'review is not null'),
    } -%}
    {%- for metric, (counts, scores) in metrics.items() %}
    count(*) filter (where arm is not null and ({{ counts }}) and ({{ scores }})) as {{ metric }}_numerator,
    count(*) filter (where arm is not null and ({{ counts }})) as {{ metric }}_denominator,
    {%- endfor %}
{%- endmacro -%}
