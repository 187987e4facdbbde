{#- What a rating says, in every helpdesk's own scale: good, bad, or neither. -#}
{%- macro csat(helpdesk, score) -%}
    case
        when {{ helpdesk }} = 'freshdesk' and try_cast({{ score }} as integer) > 100 then 'good'
        when {{ helpdesk }} = 'freshdesk' and try_cast({{ score }} as integer) < 0 then 'bad'
        when {{ helpdesk }} = 'intercom' and try_cast({{ score }} as double) >= 4 then 'good'
        when {{ helpdesk }} = 'intercom' and try_cast({{ score }} as double) <= 2 then 'bad'
        when {{ helpdesk }} in ('zendesk', 'generic') and lower({{ score }}) like 'good%' then 'good'
        when {{ helpdesk }} in ('zendesk', 'generic') and lower({{ score }}) like 'bad%' then 'bad'
    end
{%- endmacro -%}

{#- Whether the customer was asked to rate; null where the helpdesk tells only of answers and there is none. -#}
{%- macro csat_offered(helpdesk, score, is_rating_requested) -%}
    case
        when {{ helpdesk }} = 'zendesk' then coalesce(lower({{ score }}) != 'unoffered', false)
        when {{ helpdesk }} = 'intercom' then {{ is_rating_requested }}
        when {{ score }} = 'unoffered' then false
        when {{ score }} is not null then true
    end
{%- endmacro -%}
