from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "elistit.studio"
    label = "studio"
