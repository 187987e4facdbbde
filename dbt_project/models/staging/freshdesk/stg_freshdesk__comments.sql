{%- set conversation_shape -%}
{
    "id": "VARCHAR", "ticket_id": "VARCHAR", "user_id": "VARCHAR", "incoming": "BOOLEAN", "private": "BOOLEAN",
    "created_at": "VARCHAR", "body": "VARCHAR", "body_text": "VARCHAR", "from_email": "VARCHAR"
}
{%- endset -%}

with tickets_with_conversations as (

    {{ latest_records('freshdesk', 'ticket',
        condition="case when record_kind = 'ticket' then json_array_length(payload, '$.conversations') > 0 end") }}

),

flat as (

    {{ latest_records('freshdesk', 'comment') }}

),

nested_lists as (

    select
        source,
        record_id as helpdesk_ticket_id,
        export_id,
        record_updated_at,
        from_json(payload, '{"conversations": [{{ conversation_shape }}]}').conversations as conversations
    from tickets_with_conversations

),

nested as (

    select
        source,
        helpdesk_ticket_id,
        export_id,
        record_updated_at,
        unnest(conversations) as comment,
        generate_subscripts(conversations, 1) as order_in_ticket
    from nested_lists

),

flat_parsed as (

    select
        source,
        ticket_id,
        record_id,
        export_id,
        record_updated_at,
        from_json(payload, '{{ conversation_shape }}') as comment
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
        {{ comment_key('source', 'helpdesk_comment_id', 'helpdesk_ticket_id', 'comment.user_id', 'comment.created_at',
            'coalesce(comment.body, comment.body_text)') }} as comment_id,
        comment.user_id as author_user_id,
        case when comment.incoming then 'requester' else 'staff' end as author_hint,
        not coalesce(comment.private, false) as is_public,
        {{ utc('comment.created_at') }} as created_at,
        {{ presence('comment.body') }} as body_html,
        {{ presence('comment.body_text') }} as body_text,
        order_in_ticket,
        record_updated_at,
        export_id
    from unioned

)

-- A conversation may come nested in a ticket and by itself, and again in a later export.
select * exclude (record_updated_at, export_id)
from renamed
qualify row_number() over (
        partition by comment_id
        order by record_updated_at desc nulls last, export_id desc, order_in_ticket asc nulls last
    ) = 1
