{%- set part_shape -%}
{
    "id": "VARCHAR", "part_type": "VARCHAR", "body": "VARCHAR", "created_at": "VARCHAR",
    "author": {"id": "VARCHAR", "type": "VARCHAR", "name": "VARCHAR", "email": "VARCHAR"}
}
{%- endset -%}

with tickets_with_parts as (

    {{ latest_records('intercom', 'ticket',
        condition="case when record_kind = 'ticket' then json_array_length(payload, '$.conversation_parts.conversation_parts') > 0 end") }}

),

nested_lists as (

    select
        source,
        record_id as helpdesk_ticket_id,
        export_id,
        record_updated_at,
        from_json(
            payload, '{"conversation_parts": {"conversation_parts": [{{ part_shape }}]}}'
        ).conversation_parts.conversation_parts as parts
    from tickets_with_parts

),

nested as (

    select
        source,
        helpdesk_ticket_id,
        export_id,
        record_updated_at,
        unnest(parts) as part,
        generate_subscripts(parts, 1) as order_in_ticket
    from nested_lists

),

renamed as (

    select
        source,
        source || ':' || helpdesk_ticket_id as ticket_id,
        {{ comment_key('source', 'part.id', 'helpdesk_ticket_id', 'part.author.id', 'part.created_at',
            'part.body') }} as comment_id,
        part.author.id as author_user_id,
        {{ presence('part.author.name') }} as author_name,
        {{ presence('part.author.email') }} as author_email,
        {{ intercom_role('part.author.type') }} as author_hint,
        part.part_type in ('comment', 'quick_reply', 'open', 'close') as is_public,
        {{ epoch_utc('part.created_at') }} as created_at,
        {{ presence('part.body') }} as body_html,
        order_in_ticket,
        part.part_type,
        record_updated_at,
        export_id
    from nested
    -- Assignments, snoozes and closes without words are events, not comments; a redacted comment is still one.
    where
        part is not null
        and (
            part.part_type in ('comment', 'quick_reply', 'note')
            or {{ has_words('part.body') }}
        )

)

select * exclude (record_updated_at, export_id)
from renamed
qualify row_number() over (
        partition by comment_id
        order by record_updated_at desc nulls last, export_id desc, order_in_ticket asc nulls last
    ) = 1
