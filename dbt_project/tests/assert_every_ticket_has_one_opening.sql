-- What a ticket is about is read from its opening. Without one it would silently drop out of texts, vectors and
-- categories; with two, the second would pass for a reply.
{{ config(meta = {'dagster': {'ref': {'name': 'fct_tickets'}}}) }}

select
    tickets.ticket_id,
    count(comments.comment_id) as count_openings
from {{ ref('fct_tickets') }} as tickets
left join {{ ref('fct_ticket_comments') }} as comments
    on tickets.ticket_id = comments.ticket_id and comments.is_opening
group by tickets.ticket_id
having count(comments.comment_id) != 1
