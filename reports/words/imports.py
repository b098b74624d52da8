"""What was found, changed or left out as files were read, in Danish by its code."""

from __future__ import annotations

from collections.abc import Mapping

# {n}: how many, such as "mindst 20"; {detail}: what was declared.
IMPORTS: Mapping[str, str] = {
    "date_order": "{n} datoer, der kan læses på to måder, er læst i den rækkefølge, som filens "
    "andre datoer viser eller kodebogen angiver",
    "decimal_proven": "{n} tal, der kan læses på to måder, er læst med det decimaltegn, som "
    "filens andre tal viser eller kodebogen angiver",
    "open_ends": "{n} datoer står for en åben slutning og er læst som tomme",
    "blank_texts": "{n} værdier, der er angivet som tomme, er læst som tomme",
    "labels": "{n} svar, der står som tekst, er læst som kodebogens koder",
    "several_answers": "flere svar i samme felt er delt i en kolonne for hvert svar",
    "sheets_unread": "{n} andre faner i projektmappen er ikke læst",
    "as_text": "{n} værdier, der er lister eller sammensatte, er læst som tekst",
    "serial_days": "{n} tal er læst som datoer, sådan som Excel tæller dage",
    "rows_left_out": "{n} rækker over eller under tabellen er udeladt som angivet",
    "blank_rows": "{n} tomme rækker er udeladt",
    "columns_ignored": "udeladt, da kodebogen ikke kender kolonnen",
    "columns_near": "udeladt, men navnet ligner et, som filen mangler",
    "rows_not_kept": "{n} rækker er valgt fra i studiefilen",
    "recoded": "{n} værdier er kodet om som angivet ({detail})",
    "label_wording": "filens svartekster er formuleret lidt anderledes end kodebogens",
    "labels_differ": "filens svartekster afviger fra kodebogens for koder, som ingen har brugt",
    "keys_cleaned": "{n} nøgler er renset for tegn, der ikke kan ses, eller for et tilføjet .0",
    "keys_near": "{n} nøgler ville passe med en anden måling, hvis de var skrevet ens",
    "keys_alike": "{n} nøgler ville være en anden af filens nøgler, hvis de var skrevet ens",
    "same_answers": "{n} personer har svaret det samme på alt i to målinger",
    "no_cpr": "{n} værdier ligner cpr-numre, men er det ikke ({detail})",
    "waves_apart": "ingen i målingen er med i en anden måling",
    "clocks": "klokkeslæt og varigheder er læst som sekunder",
    "periods": "uger, måneder, kvartaler og år er læst som deres første dag",
    "far_dates": "{n} datoer ligger uden for kalenderen og er læst som tal",
    "missing_dates": "{n} datoer, som filen angiver som manglende, er læst som tomme",
    "weighted": "filen er vægtet med kolonnen; her er intet vægtet med den",
    "catalog": "svartekster er hentet i SAS' katalog",
    "catalog_beside": "et SAS-katalog, der ligger ved filen, er ikke læst",
}
