"""Faults of PDFs: damaged, unsafe, and not print-ready."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pyvips

from tests.trial.deliveries import Delivery
from tests.trial.planting import CARD_PDF, SHEET, fault


def edited(d: Delivery, name: str, change: Callable[[Any], None], **options: Any) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(d.contents[name])) as pdf:
        change(pdf)
        pdf.save(out, **options)
    d.remade(name, out.getvalue())


@fault("greeting_card", "pdf.opens", CARD_PDF)
def a_pdf_breaks_off(d: Delivery) -> None:
    d.remade(CARD_PDF, d.contents[CARD_PDF][:500])


@fault("greeting_card", "pdf.fonts", CARD_PDF)
def a_font_is_not_embedded(d: Delivery) -> None:
    def change(pdf: Any) -> None:
        pdf.pages[1].Resources.Font["/F99"] = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )

    edited(d, CARD_PDF, change)


@fault("clipart", "pdf.opens", "product-card.pdf")
def a_pdf_asks_for_a_password(d: Delivery) -> None:
    edited(d, "product-card.pdf", lambda pdf: None, encryption=pikepdf.Encryption(user="secret", owner="secret"))


@fault("clipart", "pdf.safe", "product-card.pdf")
def a_pdf_runs_a_program(d: Delivery) -> None:
    def change(pdf: Any) -> None:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")

    edited(d, "product-card.pdf", change)


@fault("greeting_card", "pdf.boxes", CARD_PDF)
def a_bleed_reaches_beyond_the_page(d: Delivery) -> None:
    edited(d, CARD_PDF, lambda pdf: setattr(pdf.pages[0], "BleedBox", pikepdf.Array([-50, -50, 900, 700])))


@fault("greeting_card", "pdf.size", CARD_PDF)
def a_page_is_trimmed_at_another_size(d: Delivery) -> None:
    edited(d, CARD_PDF, lambda pdf: setattr(pdf.pages[0], "TrimBox", pikepdf.Array([72, 72, 600, 500])))


@fault("greeting_card", "pdf.size", CARD_PDF)
def the_inside_page_is_missing(d: Delivery) -> None:
    edited(d, CARD_PDF, lambda pdf: pdf.pages.__delitem__(1))


@fault("greeting_card", "pdf.print_ready", CARD_PDF)
def the_output_intent_is_missing(d: Delivery) -> None:
    edited(d, CARD_PDF, lambda pdf: pdf.Root.__delitem__("/OutputIntents"))


@fault("greeting_card", "pdf.print_ready", CARD_PDF)
def the_output_intent_is_of_a_display(d: Delivery) -> None:
    def change(pdf: Any) -> None:
        profile = pdf.make_stream(bytes(pyvips.Operation.call("profile_load", "srgb")))
        profile.N = 3
        pdf.Root.OutputIntents[0].DestOutputProfile = profile

    edited(d, CARD_PDF, change)


@fault("greeting_card", "pdf.print_ready", CARD_PDF)
def the_bleed_is_missing(d: Delivery) -> None:
    edited(d, CARD_PDF, lambda pdf: pdf.pages[0].obj.__delitem__("/BleedBox"))


@fault("greeting_card", "pdf.print_ready", CARD_PDF)
def the_metadata_names_no_version(d: Delivery) -> None:
    def change(pdf: Any) -> None:
        with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
            del meta["pdfxid:GTS_PDFXVersion"]

    edited(d, CARD_PDF, change)


@fault("greeting_card", "pdf.print_ready", CARD_PDF)
def trapping_is_not_stated(d: Delivery) -> None:
    edited(d, CARD_PDF, lambda pdf: pdf.docinfo.__delitem__("/Trapped"))


@fault("sticker", "pdf.size", SHEET)
def a_sheet_is_not_letter(d: Delivery) -> None:
    edited(d, f"{SHEET}.pdf", lambda pdf: setattr(pdf.pages[0], "MediaBox", pikepdf.Array([0, 0, 400, 500])))
