with latest as (

    {{ latest_records('zendesk', 'organization') }}

)

select
    source,
    record_id as organization_id,
    payload::json as attributes
from latest
