{%- set comment_shape -%}
{
    "id": "VARCHAR", "ticket_id": "VARCHAR", "author_id": "VARCHAR", "public": "BOOLEAN", "created_at": "VARCHAR",
    "html_body": "VARCHAR", "plain_body": "VARCHAR", "body": "VARCHAR",
    "via": {"channel": "VARCHAR"}, "metadata": {"custom": {"is_spam": "BOOLEAN", "is_solution": "BOOLEAN"}}
}
{%- endset -%}

with tickets_with_comments as (

    {{ latest_records('zendesk', 'ticket',
        condition="case when record_kind = 'ticket' then json_array_length(payload, '$.comments') > 0 end") }}

),

flat as (

    {{ latest_records('zendesk', 'comment') }}

),

nested_lists as (

    select
        source,
        record_id as helpdesk_ticket_id,
        export_id,
        record_updated_at,
        from_json(payload, '{"comments": [{{ comment_shape }}]}').comments as comments
    from tickets_with_comments

),

nested as (

    select
        source,
        helpdesk_ticket_id,
        export_id,
        record_updated_at,
        unnest(comments) as comment,
        generate_subscripts(comments, 1) as order_in_ticket
    from nested_lists

),

flat_parsed as (

    select
        source,
        ticket_id,
        record_id,
        export_id,
        record_updated_at,
        from_json(payload, '{{ comment_shape }}') as comment
    from flat

),

unioned as (

    select
        source,
        helpdesk_ticket_id,
        comment.id as helpdesk_comment_id,
        export_id,
        record_updated_at,
        comment,
        order_in_ticket
    from nested
    where comment is not null
    union all by name
    select
        source,
        coalesce(ticket_id, comment.ticket_id) as helpdesk_ticket_id,
        record_id as helpdesk_comment_id,
        export_id,
        record_updated_at,
        comment
    from flat_parsed

),

renamed as (

    select
        source,
        source || ':' || helpdesk_ticket_id as ticket_id,
        {{ comment_key('source', 'helpdesk_comment_id', 'helpdesk_ticket_id', 'comment.author_id', 'comment.created_at',
            'coalesce(comment.html_body, comment.plain_body, comment.body)') }} as comment_id,
        comment.author_id as author_user_id,
        case
            when comment.via.channel like 'answer_bot%' then 'bot'
            when comment.author_id = '-1' then 'system'
        end as author_hint,
        coalesce(comment.public, true) as is_public,
        coalesce(comment.metadata.custom.is_spam, false) as is_spam,
        coalesce(comment.metadata.custom.is_solution, false) as is_solution,
        {{ utc('comment.created_at') }} as created_at,
        {{ presence('comment.html_body') }} as body_html,
        coalesce({{ presence('comment.plain_body') }}, {{ presence('comment.body') }}) as body_text,
        order_in_ticket,
        record_updated_at,
        export_id
    from unioned

)

-- A comment may come nested in a ticket and by itself, and again in a later export.
select * exclude (record_updated_at, export_id)
from renamed
qualify row_number() over (
        partition by comment_id
        order by record_updated_at desc nulls last, export_id desc, order_in_ticket asc nulls last
    ) = 1
