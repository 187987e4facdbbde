{#- A time a helpdesk wrote as text. What cannot be read or lies before helpdesks existed is unknown, not an error. -#}
{%- macro utc(text) -%}
    case when try_cast({{ text }} as timestamptz) >= timestamptz '1990-01-01 00:00:00+00' then try_cast({{ text }} as timestamptz) end
{%- endmacro -%}

{#- A time written as epoch seconds; exports of some connectors use milliseconds. -#}
{%- macro epoch_utc(text) -%}
    case
        when try_cast({{ text }} as double) between 631152000 and 99999999999 then to_timestamp(try_cast({{ text }} as double))
        when try_cast({{ text }} as double) between 631152000000 and 99999999999999
            then to_timestamp(try_cast({{ text }} as double) / 1000)
        else {{ utc(text) }}
    end
{%- endmacro -%}

{#- Calendar minutes from one time to another; null where either is unknown or the length is impossible. -#}
{%- macro calendar_minutes(started_at, ended_at) -%}
    case
        when {{ ended_at }} >= {{ started_at }} and {{ ended_at }} <= {{ started_at }} + interval 10 year
            then (epoch_us({{ ended_at }}) - epoch_us({{ started_at }})) / 60000000.0
    end
{%- endmacro -%}

{#- Whether a length is known and impossible: it ends before it starts, or lasts more than ten years. -#}
{%- macro is_impossible_duration(started_at, ended_at) -%}
    coalesce({{ ended_at }} < {{ started_at }} or {{ ended_at }} > {{ started_at }} + interval 10 year, false)
{%- endmacro -%}
