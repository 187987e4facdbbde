-- Comments come nested in tickets, by themselves, or both, and in several exports. Counted here from the raw
-- payloads by another way than staging goes, so that a comment staging loses or invents shows. Intercom's parts
-- without words are events; openings made of descriptions and comments without an id of their own have no raw id
-- to compare.
{{ config(meta = {'dagster': {'ref': {'name': 'fct_ticket_comments'}}}) }}

with carrying as (

    select
        source,
        record_id,
        arg_max(payload, (coalesce(record_updated_at, to_timestamp(0)), export_updated_at, export_id, line)) as payload
    from (
        select
            *,
            coalesce(max(record_updated_at) over (partition by export_id), to_timestamp(0)) as export_updated_at
        from {{ source('lake', 'raw_tickets') }}
    )
    where
        record_kind = 'ticket'
        and coalesce(
            json_array_length(payload, '$.comments'),
            json_array_length(payload, '$.conversations'),
            json_array_length(payload, '$.conversation_parts.conversation_parts')
        ) > 0
    group by source, record_id

),

nested as (

    select
        source || ':' || unnest(list_concat(
            json_extract_string(payload, '$.comments[*].id'),
            json_extract_string(payload, '$.conversations[*].id'),
            list_transform(
                list_filter(
                    json_extract(payload, '$.conversation_parts.conversation_parts[*]'),
                    lambda part: list_contains(['comment', 'quick_reply', 'note'], part ->> '$.part_type')
                    or {{ has_words("(part ->> '$.body')") }}
                ),
                lambda part: part ->> '$.id'
            )
        )) as comment_id
    from carrying

),

flat as (

    select comments.source || ':' || comments.record_id as comment_id
    from {{ source('lake', 'raw_tickets') }} as comments
    semi join {{ source('lake', 'raw_tickets') }} as tickets
        on
            comments.source = tickets.source
            and comments.ticket_id = tickets.record_id
            and tickets.record_kind = 'ticket'
    where comments.record_kind = 'comment'

),

landed as (

    select comment_id from nested
    union
    select comment_id from flat

),

published as (

    select comment_id
    from {{ ref('fct_ticket_comments') }}
    where not suffix(comment_id, '#opening') and not contains(comment_id, ':hash-')

)

select
    landed.comment_id as landed_comment_id,
    published.comment_id as published_comment_id
from landed
full outer join published
    on landed.comment_id = published.comment_id
where landed.comment_id is null or published.comment_id is null
