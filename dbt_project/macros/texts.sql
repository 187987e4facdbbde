{#- Null where a text is missing or blank. -#}
{%- macro presence(text) -%}
    nullif(trim({{ text }}), '')
{%- endmacro -%}

{#- A value people typed as the id of a category: 'Login & Password ' becomes 'login_password'; other scripts are hashed. -#}
{%- macro slug(text) -%}
    coalesce(
        nullif(trim(regexp_replace(lower(strip_accents({{ text }})), '[^a-z0-9]+', '_', 'g'), '_'), ''),
        'label_' || substr(sha256(lower(trim({{ text }}))), 1, 8)
    )
{%- endmacro -%}

{#- How labels are compared: without regard to case, spaces, hyphens and underscores. -#}
{%- macro label_key(text) -%}
    nullif(regexp_replace(lower(strip_accents({{ text }})), '[\s_-]+', '', 'g'), '')
{%- endmacro -%}

{#- How a desk's marker matches a text, without regard to case: /a regular expression/, a whole text with * for
    anything ("[ALERT]*"), else a part of the text. -#}
{%- macro matches_marker(text, marker) -%}
    case
        when {{ marker }} like '/_%/' then regexp_matches({{ text }}, {{ marker }}[2:-2], 'i')
        when contains({{ marker }}, '*')
            then regexp_full_match({{ text }}, replace(regexp_escape({{ marker }}), '\*', '.*'), 'is')
        else contains(lower({{ text }}), lower({{ marker }}))
    end
{%- endmacro -%}

{#- Whether a body says anything: helpdesks write an event without words as an empty paragraph. -#}
{%- macro has_words(body_html) -%}
    coalesce(regexp_matches(regexp_replace({{ body_html }}, '<[^>]*>|&nbsp;', '', 'g'), '\S') or contains({{ body_html }}, '<img'), false)
{%- endmacro -%}

{#- Plain text for comparing and counting only; readable text is made where it is redacted. -#}
{%- macro rough_text(body_html, body_text) -%}
    trim(regexp_replace(coalesce({{ body_text }}, regexp_replace({{ body_html }}, '<[^>]*>', ' ', 'g'), ''), '\s+', ' ', 'g'))
{%- endmacro -%}

{#- A subject that only a machine writes. People do write about "out of office messages", so the machine's own form counts. -#}
{%- macro is_auto_reply(subject) -%}
    regexp_matches(
        {{ subject }},
        '^\s*((auto(matic|matische|matisch)?[ -]?(reply|response|antwort)|out of (the )?office|abwesenheit(snotiz)?|ausser haus|respuesta autom[aá]tica|fuera de la oficina|r[ée]ponse automatique|absence du bureau)\s*:|undeliver(able|ed( mail)?)\s*:|undelivered mail returned to sender|mail delivery (failed|failure|subsystem)\s*(:|$)|delivery status notification \(|returned mail\s*:|failure notice\s*$)',
        'i'
    )
{%- endmacro -%}
