-- A view: the texts are in the database once already, and readers only ever see the published Parquet.
{{ config(materialized='view', post_hook="{{ publish('private') }}") }}

select
    comments.comment_id,
    comments.ticket_id,
    comments.author_role,
    comments.is_public,
    comments.created_at,
    tickets.channel,
    comments.body_html,
    comments.body_text,
    case when comments.position = 1 then tickets.subject end as subject,
    tickets.requester_name,
    tickets.requester_email,
    comments.author_name,
    tickets.locale,
    comments.body_hash
from {{ ref('int_ticket_comments_unioned') }} as comments
inner join {{ ref('int_tickets_unioned') }} as tickets
    on comments.ticket_id = tickets.ticket_id
