{#- A JSON object of custom fields as a list of {key, value}, keys in lower case, values as text. -#}
{%- macro object_entries(object) -%}
    list_transform(
        coalesce(json_keys({{ object }}), []),
        lambda key: struct_pack(
            key := lower(key),
            value := json_extract_string({{ object }}, '/' || replace(replace(key, '~', '~0'), '/', '~1'))
        )
    )
{%- endmacro -%}

{#- What stands at a path of a JSON document, or at the same path under one of its objects of custom fields. -#}
{%- macro look_up(document, pointer) -%}
    coalesce(
        {%- for root in ['', '/custom_attributes', '/custom_fields', '/user_fields', '/organization_fields'] %}
        nullif(json_extract({{ document }}, '{{ root }}' || {{ pointer }})::varchar, 'null'){{ "," if not loop.last }}
        {%- endfor %}
    )
{%- endmacro -%}
