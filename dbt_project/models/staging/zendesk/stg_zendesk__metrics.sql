with latest as (

    {{ latest_records('zendesk', 'metric') }}

),

unioned as (

    select
        source || ':' || coalesce(ticket_id, payload ->> '$.ticket_id') as ticket_id,
        payload,
        record_updated_at as updated_at
    from latest
    union all by name
    select
        ticket_id,
        nested_metrics as payload,
        updated_at
    from {{ ref('stg_zendesk__tickets') }}
    where nested_metrics is not null

),

parsed as (

    select
        ticket_id,
        from_json(payload, '{
            "updated_at": "VARCHAR", "solved_at": "VARCHAR", "reopens": "INTEGER",
            "reply_time_in_minutes": {"calendar": "DOUBLE"},
            "full_resolution_time_in_minutes": {"calendar": "DOUBLE"}
        }') as metric,
        updated_at
    from unioned

),

renamed as (

    select
        ticket_id,
        coalesce({{ utc('metric.updated_at') }}, updated_at) as updated_at,
        {{ utc('metric.solved_at') }} as solved_at,
        metric.reopens as count_reopens,
        metric.reply_time_in_minutes.calendar as first_reply_calendar_minutes,
        metric.full_resolution_time_in_minutes.calendar as full_resolution_calendar_minutes
    from parsed

)

select *
from renamed
where ticket_id is not null
qualify row_number() over (
        partition by ticket_id
        order by updated_at desc nulls last, solved_at desc nulls last, count_reopens desc nulls last
    ) = 1
