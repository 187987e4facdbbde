with tickets as (

    select * from {{ ref('int_tickets_unioned') }}

),

markers as (

    select
        source,
        kind,
        trim(value) as value
    from {{ source('lake', 'desk_markers') }}
    where {{ presence('value') }} is not null

),

tags as (

    select
        source,
        ticket_id,
        lower(trim(unnest(tags))) as tag
    from tickets

),

marked_by_tag as (

    select
        tags.ticket_id,
        bool_or(markers.kind = 'spam_tag') as has_spam_tag,
        bool_or(markers.kind = 'automated_tag') as has_automated_tag,
        bool_or(markers.kind = 'merged_tag') as has_merged_tag,
        bool_or(markers.kind = 'bot_tag') as has_bot_tag
    from tags
    inner join markers
        on tags.source = markers.source and tags.tag = lower(markers.value)
    group by tags.ticket_id

),

automated as (

    select distinct tickets.ticket_id
    from tickets
    inner join markers
        on tickets.source = markers.source
    where
        (
            markers.kind = 'automated_sender'
            and (
                {{ matches_marker('tickets.requester_email', 'markers.value') }}
                or lower(tickets.requester_name) = lower(markers.value)
            )
        )
        or (markers.kind = 'automated_subject' and {{ matches_marker('tickets.subject', 'markers.value') }})

),

openings as (

    select
        ticket_id,
        is_spam
    from {{ ref('int_ticket_comments_unioned') }}
    where position = 1

),

answered as (

    select distinct ticket_id
    from {{ ref('int_ticket_comments_unioned') }}
    where is_public and position > 1

)

select
    tickets.ticket_id,
    tickets.is_deleted,
    tickets.is_merged or coalesce(marked_by_tag.has_merged_tag, false) as is_merged,
    tickets.is_spam
    or coalesce(openings.is_spam, false)
    or coalesce(marked_by_tag.has_spam_tag, false) as is_spam,
    coalesce(marked_by_tag.has_automated_tag, false)
    or automated.ticket_id is not null
    or coalesce(tickets.channel = 'email' and {{ is_auto_reply('tickets.subject') }}, false)
    -- Contact forms create tickets through the API too, so the channel alone marks nothing: an alert that was closed
    -- without a word from anyone does.
    or (
        coalesce(tickets.channel = 'api', false)
        and tickets.status in ('solved', 'closed')
        and answered.ticket_id is null
    ) as is_automated,
    coalesce(marked_by_tag.has_bot_tag, false) as has_bot_tag
from tickets
left join marked_by_tag
    on tickets.ticket_id = marked_by_tag.ticket_id
left join automated
    on tickets.ticket_id = automated.ticket_id
left join openings
    on tickets.ticket_id = openings.ticket_id
left join answered
    on tickets.ticket_id = answered.ticket_id
