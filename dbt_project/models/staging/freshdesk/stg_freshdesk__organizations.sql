with latest as (

    {{ latest_records('freshdesk', 'organization') }}

)

select
    source,
    record_id as organization_id,
    payload::json as attributes
from latest
