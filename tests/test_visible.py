"""Nobody sees what is not theirs: by class of column, by publication, by municipality."""

import ast
import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from small_town import CODE, PLACES_HEADER, bring, everything, lat_lon, rows_of
from exchange_files import csv_file
from sqlalchemy import Column, Engine, MetaData, String, Table, insert, update
from sqlmodel import Field, Session, SQLModel
from starlette.testclient import TestClient

import api
from api.main import create_app
from api.models import Area, Change, ChangedOffice, Intake, Municipality, Place, Town
from api.models.columns import office, public
from api.store import frames, visible as visible_module
from api.store.visible import OFFICE, OFFICE_PUBLISHED, READABLE, RESIDENT, visible

API = Path(api.__file__).parent


def columns_for(model: type[SQLModel], viewer: visible_module.Viewer) -> set[str]:
    return {column.name for column in visible(model, viewer, CODE).selected_columns}
