with zendesk as (

    select
        tickets.* exclude (
            merged_ticket_ids, satisfaction_score, satisfaction_comment, nested_metrics, solved_at
        ),
        'zendesk' as helpdesk,
        coalesce(
            metrics.solved_at,
            tickets.solved_at,
            tickets.created_at + to_minutes(metrics.full_resolution_calendar_minutes::bigint)
        ) as helpdesk_solved_at,
        metrics.count_reopens as helpdesk_count_reopens,
        metrics.first_reply_calendar_minutes as helpdesk_first_reply_calendar_minutes,
        -- The ticket repeats its rating; whichever of the two was written last is what the customer says now.
        case
            when
                ratings.ticket_id is not null
                and (
                    ratings.rated_at >= tickets.updated_at
                    or not coalesce(regexp_matches(tickets.satisfaction_score, '^(good|bad)'), false)
                )
                then ratings.satisfaction_score
            else tickets.satisfaction_score
        end as csat_score,
        coalesce(ratings.satisfaction_comment, tickets.satisfaction_comment) as csat_comment
    from {{ ref('stg_zendesk__tickets') }} as tickets
    left join {{ ref('stg_zendesk__metrics') }} as metrics
        on tickets.ticket_id = metrics.ticket_id
    left join {{ ref('stg_zendesk__ratings') }} as ratings
        on tickets.ticket_id = ratings.ticket_id

),

zendesk_merged as (

    select distinct source || ':' || unnest(merged_ticket_ids) as ticket_id
    from {{ ref('stg_zendesk__tickets') }}
    where len(merged_ticket_ids) > 0

),

freshdesk as (

    select
        tickets.* exclude (solved_at, first_responded_at, count_reopens),
        'freshdesk' as helpdesk,
        tickets.solved_at as helpdesk_solved_at,
        tickets.count_reopens as helpdesk_count_reopens,
        {{ calendar_minutes('tickets.created_at', 'tickets.first_responded_at') }}
            as helpdesk_first_reply_calendar_minutes,
        ratings.satisfaction_score as csat_score,
        ratings.satisfaction_comment as csat_comment
    from {{ ref('stg_freshdesk__tickets') }} as tickets
    left join {{ ref('stg_freshdesk__ratings') }} as ratings
        on tickets.ticket_id = ratings.ticket_id

),

intercom as (

    select
        tickets.* exclude (
            solved_at, satisfaction_score, satisfaction_comment, first_reply_calendar_minutes, handle_time_minutes,
            count_reopens, opening_author, nested_contacts
        ),
        'intercom' as helpdesk,
        tickets.solved_at as helpdesk_solved_at,
        tickets.count_reopens as helpdesk_count_reopens,
        tickets.first_reply_calendar_minutes as helpdesk_first_reply_calendar_minutes,
        tickets.handle_time_minutes as helpdesk_handle_time_minutes,
        tickets.satisfaction_score as csat_score,
        tickets.satisfaction_comment as csat_comment,
        tickets.opening_author.id as opening_author_user_id,
        {{ intercom_role('tickets.opening_author.type') }} as opening_author_hint
    from {{ ref('stg_intercom__tickets') }} as tickets

),

generic as (

    select
        tickets.* exclude (solved_at, satisfaction_score, satisfaction_comment),
        'generic' as helpdesk,
        tickets.solved_at as helpdesk_solved_at,
        tickets.satisfaction_score as csat_score,
        tickets.satisfaction_comment as csat_comment
    from {{ ref('stg_generic__tickets') }} as tickets

),

unioned as (

    select zendesk.* replace (zendesk.is_merged or zendesk_merged.ticket_id is not null as is_merged)
    from zendesk
    left join zendesk_merged
        on zendesk.ticket_id = zendesk_merged.ticket_id
    union all by name
    select * from freshdesk
    union all by name
    select * from intercom
    union all by name
    select * from generic

)

select
    tickets.ticket_id,
    tickets.source,
    tickets.helpdesk,
    tickets.helpdesk_ticket_id,
    tickets.subject,
    tickets.description_html,
    tickets.description_text,
    tickets.created_at,
    tickets.updated_at,
    tickets.helpdesk_solved_at,
    tickets.helpdesk_status,
    tickets.status,
    tickets.channel,
    tickets.priority,
    tickets.requester_user_id,
    requesters.person_id as requester_id,
    coalesce(requesters.user_name, tickets.requester_name) as requester_name,
    coalesce(requesters.email, tickets.requester_email) as requester_email,
    requesters.attributes as requester_attributes,
    tickets.assignee_user_id,
    tickets.group_name,
    coalesce(
        tickets.organization_id,
        requesters.attributes ->> '$.organization_id',
        requesters.attributes ->> '$.company_id',
        requesters.attributes ->> '$.companies.data[0].id'
    ) as organization_id,
    coalesce(tickets.locale, requesters.locale) as locale,
    tickets.tags,
    tickets.custom_fields,
    tickets.attributes,
    tickets.opening_author_user_id,
    tickets.opening_author_hint,
    coalesce(tickets.is_deleted, false) as is_deleted,
    coalesce(tickets.is_merged, false) as is_merged,
    coalesce(tickets.is_spam, false) as is_spam,
    tickets.helpdesk_count_reopens,
    tickets.derived_count_reopens,
    tickets.helpdesk_first_reply_calendar_minutes,
    tickets.helpdesk_handle_time_minutes,
    tickets.csat_score,
    tickets.csat_comment,
    coalesce(tickets.is_rating_requested, false) as is_rating_requested
from unioned as tickets
left join {{ ref('int_people') }} as requesters
    on tickets.source = requesters.source and tickets.requester_user_id = requesters.user_id
