// The portal's script: htmx does the asking and swapping, the rest is what HTML cannot do alone.
import "htmx.org";
import "./frame";
import "./sound";
import "./messages";
import "./panel";
import "./attendant";
import "./announcements";
import "./menus";
import "./flow";
import "./schedules";
import "./oncall_calendar";
import "./oncall_people";
import "./test_call";
import "./script_form";
import "./live";
