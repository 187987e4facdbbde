select
    comment_id,
    ticket_id,
    source,
    helpdesk,
    author_id,
    author_role,
    is_public,
    position = 1 as is_opening,
    position::integer as position,
    created_at,
    body_hash,
    count_body_chars::integer as count_body_chars,
    is_spam,
    is_solution
from {{ ref('int_ticket_comments_unioned') }}
