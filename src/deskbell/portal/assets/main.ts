// The portal's script.
import "htmx.org";
