{#- A comment's global id: the helpdesk's own, else a hash of what was said, by whom and when (never a position). -#}
{%- macro comment_key(source, helpdesk_comment_id, helpdesk_ticket_id, author_user_id, created_at, body) -%}
    {{ source }} || ':' || coalesce(
        {{ helpdesk_comment_id }},
        'hash-' || substr(
            sha256(concat_ws(chr(31), {{ helpdesk_ticket_id }}, {{ author_user_id }}, {{ created_at }}, {{ body }})), 1, 16
        )
    )
{%- endmacro -%}

{#- Intercom's author type as a role. -#}
{%- macro intercom_role(author_type) -%}
    case lower({{ author_type }})
        when 'user' then 'requester'
        when 'lead' then 'requester'
        when 'contact' then 'requester'
        when 'admin' then 'staff'
        when 'bot' then 'bot'
        else 'system'
    end
{%- endmacro -%}
