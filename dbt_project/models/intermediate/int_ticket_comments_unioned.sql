with comments as (

    select * from {{ ref('stg_zendesk__comments') }}
    union all by name
    select * from {{ ref('stg_freshdesk__comments') }}
    union all by name
    select * from {{ ref('stg_intercom__comments') }}
    union all by name
    select * from {{ ref('stg_generic__comments') }}

),

tickets as (

    select * from {{ ref('int_tickets_unioned') }}

),

-- Zendesk repeats the first comment as the ticket's description. It is the opening message only where no comment is:
-- none was exported, or only later ones (an incremental export of comments).
openings_to_look_for as (

    select
        tickets.ticket_id,
        {{ rough_text('tickets.description_html', 'tickets.description_text') }} as opening_text
    from tickets
    where
        tickets.helpdesk = 'zendesk'
        and not exists (
            select 1
            from comments
            where
                comments.ticket_id = tickets.ticket_id
                and comments.created_at <= tickets.created_at + interval 1 minute
        )

),

missing_openings as (

    select openings_to_look_for.ticket_id
    from openings_to_look_for
    where
        not exists (
            select 1
            from comments
            where
                comments.ticket_id = openings_to_look_for.ticket_id
                and {{ rough_text('comments.body_html', 'comments.body_text') }} = openings_to_look_for.opening_text
        )

),

openings as (

    select
        tickets.source,
        tickets.ticket_id,
        tickets.ticket_id || '#opening' as comment_id,
        coalesce(tickets.opening_author_user_id, tickets.requester_user_id) as author_user_id,
        coalesce(tickets.opening_author_hint, 'requester') as author_hint,
        true as is_public,
        tickets.created_at,
        tickets.description_html as body_html,
        tickets.description_text as body_text,
        true as is_description
    from tickets
    where
        tickets.helpdesk in ('freshdesk', 'intercom', 'generic')
        or tickets.ticket_id in (select missing_openings.ticket_id from missing_openings)

),

unioned as (

    select * from comments
    union all by name
    select * from openings

),

bots as (

    select distinct
        source,
        case kind when 'bot_author_id' then value end as author_user_id,
        case kind when 'bot_author_name' then lower(trim(value)) end as author_name
    from {{ source('lake', 'desk_markers') }}
    where kind in ('bot_author_id', 'bot_author_name')

),

authored as (

    select
        unioned.ticket_id,
        unioned.comment_id,
        tickets.source,
        tickets.helpdesk,
        authors.person_id as author_id,
        coalesce(authors.user_name, unioned.author_name) as author_name,
        case
            when bot_ids.author_user_id is not null or bot_names.author_name is not null then 'bot'
            when unioned.author_hint in ('bot', 'system') then unioned.author_hint
            -- Whoever asked writes as the requester, even if he works here.
            when unioned.author_user_id = tickets.requester_user_id then 'requester'
            else coalesce(authors.user_role, unioned.author_hint, 'staff')
        end as author_role,
        unioned.is_public,
        coalesce(unioned.is_spam, false) as is_spam,
        coalesce(unioned.is_solution, false) as is_solution,
        coalesce(unioned.is_description, false) as is_description,
        unioned.created_at,
        unioned.body_html,
        unioned.body_text,
        unioned.order_in_ticket
    from unioned
    inner join tickets
        on unioned.ticket_id = tickets.ticket_id
    left join {{ ref('int_people') }} as authors
        on tickets.source = authors.source and unioned.author_user_id = authors.user_id
    left join bots as bot_ids
        on tickets.source = bot_ids.source and unioned.author_user_id = bot_ids.author_user_id
    left join bots as bot_names
        on
            tickets.source = bot_names.source
            and lower(trim(coalesce(authors.user_name, unioned.author_name))) = bot_names.author_name

)

select
    * exclude (order_in_ticket),
    row_number() over (
        partition by ticket_id
        order by is_description desc, created_at asc nulls last, order_in_ticket asc nulls last, comment_id asc
    ) as position,
    sha256(coalesce(body_html, body_text, '')) as body_hash,
    length({{ rough_text('body_html', 'body_text') }}) as count_body_chars
from authored
