with latest as (

    {{ latest_records('generic', 'comment') }}

),

parsed as (

    select
        source,
        record_id,
        ticket_id,
        from_json(payload, '{
            "ticket_id": "VARCHAR", "author_id": "VARCHAR", "author_name": "VARCHAR", "author_role": "VARCHAR",
            "created_at": "VARCHAR", "body_html": "VARCHAR", "body_text": "VARCHAR", "is_public": "BOOLEAN",
            "is_spam": "BOOLEAN", "is_solution": "BOOLEAN"
        }') as comment
    from latest

),

renamed as (

    select
        source,
        source || ':' || coalesce(ticket_id, comment.ticket_id) as ticket_id,
        source || ':' || record_id as comment_id,
        {{ presence('comment.author_id') }} as author_user_id,
        {{ presence('comment.author_name') }} as author_name,
        case
            when lower(comment.author_role) in ('requester', 'staff', 'bot', 'system') then lower(comment.author_role)
        end as author_hint,
        coalesce(comment.is_public, true) as is_public,
        coalesce(comment.is_spam, false) as is_spam,
        coalesce(comment.is_solution, false) as is_solution,
        {{ utc('comment.created_at') }} as created_at,
        {{ presence('comment.body_html') }} as body_html,
        {{ presence('comment.body_text') }} as body_text
    from parsed

)

select * from renamed
