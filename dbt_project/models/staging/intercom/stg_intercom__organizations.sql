with latest as (

    {{ latest_records('intercom', 'organization') }}

)

select
    source,
    record_id as organization_id,
    payload::json as attributes
from latest
