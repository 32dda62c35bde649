"""The words of the page that a technician opens on the device itself."""

from typing import Final

from shared.i18n import mark

TECHNICIAN: Final[dict[str, str]] = {
    "tech_pin_title": mark("For the technician"),
    "tech_pin": mark("PIN of this screen, six digits"),
    "tech_pin_where": mark("The administrator’s page of this kiosk shows the PIN."),
    "tech_pin_wrong": mark("That is not the PIN. Tries left: {count}"),
    "tech_pin_wait": mark("That was not the PIN five times. Please wait one minute, then try again."),
    "tech_no_pin_title": mark("This screen does not know its PIN yet"),
    "tech_no_pin_text": mark("It learns it from the server once it is enrolled and connected."),
    "tech_delete": mark("Delete"),
    "tech_title": mark("Technician’s page"),
    "tech_yes": mark("yes"),
    "tech_no": mark("no"),
    "tech_untold": mark("this browser does not say"),
    "tech_unknown": mark("not known"),
    "tech_days": mark("{count} days"),
    "tech_hours": mark("{count} hours"),
    "tech_minutes": mark("{count} minutes"),
    "tech_seconds": mark("{count} s"),
    "tech_ratings": mark("Ratings on this screen"),
    "tech_waiting": mark("Waiting to be sent"),
    "tech_oldest": mark("The oldest is from"),
    "tech_held": mark("Of another office, held back"),
    "tech_refused": mark("Refused by the server"),
    "tech_reason": mark("Reason"),
    "tech_drafts": mark("Of a visit that is not finished"),
    "tech_memory": mark("Only in memory, lost when the page closes"),
    "tech_sequence": mark("Last number given"),
    "tech_contact": mark("Contact with the server"),
    "tech_network": mark("Network"),
    "tech_connected": mark("the server can be reached"),
    "tech_not_connected": mark("the server cannot be reached"),
    "tech_last": mark("Last contact"),
    "tech_ago": mark("{duration} ago"),
    "tech_never": mark("none yet"),
    "tech_said": mark("What came of the last attempt"),
    "tech_said_fine": mark("The server answered, all is well."),
    "tech_said_unknown": mark("The server does not know this screen ({status}). Enrol it again."),
    "tech_said_busy": mark("The server asks to wait a moment ({status})."),
    "tech_said_failed": mark("The server answered with an error ({status})."),
    "tech_said_foreign": mark("Something else answered ({status}), perhaps the sign-in page of a network."),
    "tech_said_silent": mark("Nobody answered."),
    "tech_storage": mark("Storage"),
    "tech_works": mark("Works"),
    "tech_used": mark("Used"),
    "tech_used_of": mark("{used} of {quota}"),
    "tech_protection": mark("Kept when the disk fills"),
    "tech_protected": mark("yes, the browser has promised it"),
    "tech_unprotected": mark("no, the browser has not promised it"),
    "tech_device": mark("Device"),
    "tech_secure": mark("Secure connection (HTTPS)"),
    "tech_clock": mark("Clock"),
    "tech_clock_unknown": mark("not compared with the server yet"),
    "tech_clock_right": mark("right"),
    "tech_clock_behind": mark("{duration} behind the server"),
    "tech_clock_ahead": mark("{duration} ahead of the server"),
    "tech_battery": mark("Battery"),
    "tech_charging": mark("{level}, charging"),
    "tech_voices": mark("Voices that read aloud"),
    "tech_voice_id": mark("Indonesian"),
    "tech_voice_en": mark("English"),
    "tech_no_voice": mark("none; install one in the device’s settings"),
    "tech_place": mark("This screen"),
    "tech_kiosk": mark("Name"),
    "tech_office": mark("Office"),
    "tech_counter": mark("Counter"),
    "tech_address": mark("Address of the server"),
    "tech_version": mark("Version"),
    "tech_warn_memory": mark(
        "This device cannot keep or read everything. Export to a file now; until then do not reload the page"
        " or switch the device off."
    ),
    "tech_warn_revoked": mark(
        "The server no longer knows this screen. Ratings stay here; they are sent once it is enrolled again."
    ),
    "tech_warn_insecure": mark(
        "The connection is not secure. Missing are: starting without network, storage that is kept when the"
        " disk fills, and telling two open pages apart. First send or export what is kept here; then ask the"
        " administrator for the address that begins with https and enrol this screen there."
    ),
    "tech_warn_clock": mark(
        "The clock of the device is wrong. Set it in the device’s settings, best to network time."
    ),
    "tech_warn_full": mark("The storage is nearly full. Send what waits, then free space on the device."),
    "tech_warn_unprotected": mark(
        "The browser may clear the ratings when the disk fills. Touch “Protect the storage”, or install this"
        " page on the home screen."
    ),
    "tech_warn_refused": mark(
        "The server refused ratings; the reasons are below. The administrator can put right what they name,"
        " and then the ratings are sent again."
    ),
    "tech_do_send": mark("Send now"),
    "tech_do_export": mark("Export to a file"),
    "tech_do_print": mark("Print the list"),
    "tech_do_persist": mark("Protect the storage"),
    "tech_do_reload": mark("Reload"),
    "tech_do_enrol": mark("Enrol anew"),
    "tech_sending": mark("Sending…"),
    "tech_all_sent": mark("All that waited has been sent."),
    "tech_still_waiting": mark("Still waiting: {count}. {why}"),
    "tech_reload_loses": mark("Some ratings are only in memory and would be lost. Export to a file first."),
    "tech_reload_offline": mark("Without network this page would not come back. Connect the device first."),
    "tech_nothing": mark("No rating is kept on this screen."),
    "tech_printing": mark("The list goes to the printer."),
    "tech_exported": mark("Ratings in the file {file}: {count}. They stay here as well until the server has them."),
    "tech_export_partly": mark(
        "Ratings in the file {file}: {count}. Some on this device could not be read. Keep the device as it is."
    ),
    "tech_export_broken": mark(
        "The storage of this device cannot be read. Keep the device as it is and tell the administrator."
    ),
    "tech_persist_yes": mark("The browser has promised to keep the storage."),
    "tech_persist_no": mark("The browser did not promise it. Install this page on the home screen, then try again."),
    "tech_list": mark("Ratings kept on this screen"),
    "tech_printed": mark("{count} in all, printed {moment}. Answers and comments are not printed."),
    "tech_list_more": mark("And {count} more."),
    "tech_number": mark("No."),
    "tech_time": mark("Time"),
    "tech_officer": mark("Officer"),
    "tech_state": mark("State"),
    "tech_state_waiting": mark("waiting"),
    "tech_state_held": mark("of another office"),
    "tech_state_refused": mark("refused"),
    "tech_state_unfinished": mark("visit not finished"),
}
