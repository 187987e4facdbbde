-- Plan, system and SSO are closed lists that every helpdesk spells its own way; context keeps them as written.
select
    ticket_id,
    max(value) filter (where field = 'topic') as topic,
    lower(max(value) filter (where field = 'plan')) as plan,
    max(value) filter (where field = 'page') as page,
    lower(max(value) filter (where field = 'os')) as os,
    lower(max(value) filter (where field = 'sso')) as sso,
    coalesce(
        try_cast(max(value) filter (where field = 'handle_time_minutes') as double),
        try_cast(max(value) filter (where field = 'handle_time_seconds') as double) / 60.0
    ) as handle_time_minutes,
    to_json(map_from_entries(list((field, value) order by field)))::varchar as context
from {{ ref('int_ticket_fields') }}
group by ticket_id
