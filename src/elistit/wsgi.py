"""The WSGI entry of the web pages."""

from django.core.wsgi import get_wsgi_application

from elistit import handover

handover.preset("DJANGO_SETTINGS_MODULE", "elistit.settings")
application = get_wsgi_application()
