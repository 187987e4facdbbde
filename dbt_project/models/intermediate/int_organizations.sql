select * from {{ ref('stg_zendesk__organizations') }}
union all by name
select * from {{ ref('stg_freshdesk__organizations') }}
union all by name
select * from {{ ref('stg_intercom__organizations') }}
