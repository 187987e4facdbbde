select
    requester_id,
    count(*) as count_tickets,
    min(created_at) as first_seen_at,
    max(created_at) as last_seen_at,
    arg_max(locale, created_at) filter (where locale is not null) as locale,
    arg_max(plan, created_at) filter (where plan is not null) as plan,
    list_sort(list(distinct source)) as sources
from {{ ref('fct_tickets') }}
where requester_id is not null
group by requester_id
