-- Clocks of merged systems differ. A negative length would pull every median down; it must have become null and
-- counted.
select
    ticket_id,
    first_reply_calendar_minutes,
    first_bot_reply_calendar_minutes,
    full_resolution_calendar_minutes,
    handle_time_proxy_minutes
from {{ ref('fct_tickets') }}
where
    first_reply_calendar_minutes < 0
    or first_bot_reply_calendar_minutes < 0
    or full_resolution_calendar_minutes < 0
    or handle_time_proxy_minutes < 0
