"""The WSGI entry of the web pages."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elistit.settings")
application = get_wsgi_application()
