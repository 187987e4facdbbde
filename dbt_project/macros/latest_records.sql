{#- The latest version of every record of one kind from one kind of helpdesk; history stays in raw_tickets.
    Latest is: the record's own time of change, then the newest record of the export it came in, then the export's id
    and line, so that the winner never depends on the order in which exports were landed. -#}
{%- macro latest_records(helpdesk, record_kind, condition="true") -%}
    select landed.*
    from {{ source('lake', 'raw_tickets') }} as landed
    semi join (
        select
            landed_file,
            file_row_number
        from (
            select
                source,
                record_id,
                record_kind,
                export_id,
                record_updated_at,
                line,
                landed_file,
                file_row_number,
                max(record_updated_at) over (partition by export_id) as export_updated_at,
                {{ condition }} as is_candidate
            from {{ source('lake', 'raw_tickets') }}
            where helpdesk = '{{ helpdesk }}'
        )
        where record_kind = '{{ record_kind }}' and is_candidate
        qualify row_number() over (
            partition by source, record_id
            order by
                record_updated_at desc nulls last,
                export_updated_at desc nulls last,
                export_id desc,
                line desc,
                file_row_number desc
        ) = 1
    ) as latest
        on landed.landed_file = latest.landed_file and landed.file_row_number = latest.file_row_number
    where landed.helpdesk = '{{ helpdesk }}' and landed.record_kind = '{{ record_kind }}'
{%- endmacro -%}
