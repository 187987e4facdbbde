{#- Publish a table as Parquet, whole or not at all, for readers that must never open dbt's own database. Rows are
    ordered, so that equal tables are equal files: threads would order them differently from run to run. -#}
{%- macro publish(folder) -%}
    copy (select * from {{ this }} order by all) to '{{ env_var('UNDERSTUDY_HOME', '.understudy') }}/lake/{{ folder }}/{{ this.identifier }}.parquet'
    (format parquet, compression zstd, use_tmp_file true)
{%- endmacro -%}
