{#- The desk's id, which salts pseudonyms. Without it pseudonyms could be reversed by hashing known addresses. -#}
{%- macro desk_id() -%}
    select
        case
            when count(field_key.key) = 1 then max(field_key.key)
            else error('desk_fields must hold exactly one row with field _desk_id; it holds ' || count(*)::varchar)
        end as desk_id
    from {{ source('lake', 'desk_fields') }} as field_key
    where field_key.field = '_desk_id'
{%- endmacro -%}

{#- The same person has the same pseudonym in every helpdesk that knows the e-mail address. -#}
{%- macro pseudonym(desk_id, source, person_id, email) -%}
    case
        when {{ email }} is not null then substr(sha256({{ desk_id }} || lower(trim({{ email }}))), 1, 16)
        when {{ person_id }} is not null then substr(sha256({{ desk_id }} || {{ source }} || ':' || {{ person_id }}), 1, 16)
    end
{%- endmacro -%}
