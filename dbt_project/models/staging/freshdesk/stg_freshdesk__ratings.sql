with latest as (

    {{ latest_records('freshdesk', 'rating') }}

),

parsed as (

    select
        source,
        ticket_id,
        record_updated_at,
        from_json(payload, '{
            "id": "VARCHAR", "ticket_id": "VARCHAR", "feedback": "VARCHAR", "created_at": "VARCHAR",
            "updated_at": "VARCHAR", "ratings": {"default_question": "INTEGER"}
        }') as rating
    from latest

),

renamed as (

    select
        source || ':' || coalesce(ticket_id, rating.ticket_id) as ticket_id,
        rating.ratings.default_question::varchar as satisfaction_score,
        {{ presence('rating.feedback') }} as satisfaction_comment,
        coalesce({{ utc('rating.updated_at') }}, {{ utc('rating.created_at') }}, record_updated_at) as rated_at,
        rating.id as rating_id
    from parsed

)

-- A customer may rate again after a later answer: the newest counts.
select * exclude (rating_id)
from renamed
where ticket_id is not null
qualify row_number() over (partition by ticket_id order by rated_at desc nulls last, rating_id desc) = 1
