-- Facts and texts are published apart, so that personal data sits in one place. If they ever differ in rows,
-- somebody reads a ticket without a part of its conversation.
{{ config(meta = {'dagster': {'ref': {'name': 'int_comment_texts'}}}) }}

select
    facts.comment_id as fact_comment_id,
    texts.comment_id as text_comment_id
from {{ ref('fct_ticket_comments') }} as facts
full outer join {{ ref('int_comment_texts') }} as texts
    on facts.comment_id = texts.comment_id
where facts.comment_id is null or texts.comment_id is null
